import shutil
from functools import partial
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from homeport.db.session import Database
from homeport.jobs.models import Job
from homeport.media.actions import store_variants
from homeport.media.cachefolder import CachedFile, CacheFolder, media_cache
from homeport.media.models import Media
from homeport.media.prepare import prepare
from homeport.media.store import DatabaseMediaStore
from homeport.media.types import PNG
from homeport.media.variants import Variant, path_of
from homeport.settings import Settings
from homeport.web.slots import EXTENSION
from tests.factories.media import MAX_BYTES, a_drawing, a_movie, a_picture


def store(session: Session, data: bytes, name: str) -> Media:
    media = DatabaseMediaStore().put(session, data, name, max_bytes=MAX_BYTES)
    session.flush()
    return media


@pytest.fixture
def client(client: FlaskClient) -> FlaskClient:
    """A browser that reads every answer to its end, so that no file stays open."""
    client.get = partial(client.get, buffered=True)  # type: ignore[method-assign]
    return client


@pytest.fixture
def picture(session: Session) -> Media:
    return store(session, a_picture(), "harbour.png")


@pytest.fixture
def film(session: Session) -> Media:
    return store(session, a_movie(), "film.mp4")


@pytest.fixture
def unreachable(app: Flask) -> Database:
    """Take the database away from the application."""
    away = Database("postgresql+psycopg2://nobody@127.0.0.1:1/none")
    app.extensions[EXTENSION].database = away
    return away


def test_a_copy_deleted_in_this_very_moment_is_no_hindrance(
    client: FlaskClient, picture: Media, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = CachedFile(settings.paths.cache / "gone", picture.name, picture.content_type)
    monkeypatch.setattr(CacheFolder, "find", lambda _folder, _digest: gone)
    assert client.get(picture.path).status_code == 200


class TestServing:
    def test_a_picture_is_served_for_ever(self, client: FlaskClient, picture: Media) -> None:
        answer = client.get(picture.path)
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert answer.data == prepare(a_picture(), "x", max_bytes=MAX_BYTES).data
        assert answer.cache_control.immutable
        assert answer.cache_control.public
        assert answer.cache_control.max_age == 31_536_000
        assert answer.get_etag() == (picture.hash, False)
        assert "Set-Cookie" not in answer.headers

    def test_no_browser_may_guess_or_run_it(self, client: FlaskClient, session: Session) -> None:
        answer = client.get(store(session, a_drawing(), "chart.svg").path)
        assert answer.mimetype == "image/svg+xml"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert policy.endswith("sandbox")
        assert "script-src" not in policy
        assert answer.headers["Content-Disposition"].startswith("inline")

    @pytest.mark.parametrize(
        ("data", "name", "content_type"),
        [
            (b"%PDF-1.7 ...", "paper.pdf", "application/pdf"),
            (b"a,b\n", "table.csv", "text/plain; charset=utf-8"),
            (b"PK\x03\x04...", "code.zip", "application/zip"),
            (b"alert(1)", "code.js", "text/plain; charset=utf-8"),
        ],
    )
    def test_a_document_is_a_download(
        self, client: FlaskClient, session: Session, data: bytes, name: str, content_type: str
    ) -> None:
        answer = client.get(store(session, data, name).path)
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert answer.content_type == content_type
        assert answer.data == data

    def test_a_type_that_this_release_does_not_know_is_a_download(
        self, client: FlaskClient, picture: Media, session: Session
    ) -> None:
        picture.content_type = "text/html"
        session.flush()
        answer = client.get(picture.path)
        assert answer.mimetype == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")

    def test_who_has_it_is_told_so(self, client: FlaskClient, picture: Media) -> None:
        answer = client.get(picture.path, headers={"If-None-Match": f'"{picture.hash}"'})
        assert (answer.status_code, answer.data) == (304, b"")

    def test_head_has_the_length_and_no_body(self, client: FlaskClient, picture: Media) -> None:
        answer = client.head(picture.path)
        assert (answer.content_length, answer.data) == (picture.size_bytes, b"")

    def test_a_drawing_is_compressed_for_who_can_unpack_it(self, client: FlaskClient, session: Session) -> None:
        drawing = store(session, a_drawing("<g/>" * 1000), "chart.svg")
        plain = client.get(drawing.path)
        packed = client.get(drawing.path, headers={"Accept-Encoding": "gzip, br"})
        assert (packed.headers["Content-Encoding"], brotli.decompress(packed.data)) == ("br", plain.data)
        assert len(packed.data) < len(plain.data) / 10
        assert packed.vary.to_header() == plain.vary.to_header() == "Accept-Encoding"
        assert packed.headers["ETag"] != plain.headers["ETag"]
        again = {"Accept-Encoding": "br", "If-None-Match": packed.headers["ETag"]}
        assert client.get(drawing.path, headers=again).status_code == 304
        part = client.get(drawing.path, headers={"Accept-Encoding": "br", "Range": "bytes=0-3"})
        assert (part.status_code, part.data) == (206, plain.data[:4])

    def test_nothing_else_is_compressed(self, client: FlaskClient, session: Session) -> None:
        text = store(session, b"word " * 1000, "words.txt")
        answer = client.get(text.path, headers={"Accept-Encoding": "br, gzip"})
        assert "Content-Encoding" not in answer.headers


class TestRanges:
    @pytest.mark.parametrize(
        ("wanted", "part", "range_"),
        [
            ("bytes=0-3", slice(0, 4), "bytes 0-3/{size}"),
            ("bytes=8-", slice(8, None), "bytes 8-{last}/{size}"),
            ("bytes=-4", slice(-4, None), "bytes {tail}-{last}/{size}"),
            ("bytes=2-999999", slice(2, None), "bytes 2-{last}/{size}"),
            ("bytes=-999999", slice(None), "bytes 0-{last}/{size}"),
        ],
    )
    def test_a_part_is_served(self, client: FlaskClient, film: Media, wanted: str, part: slice, range_: str) -> None:
        whole = client.get(film.path).data
        answer = client.get(film.path, headers={"Range": wanted})
        size = len(whole)
        assert (answer.status_code, answer.data) == (206, whole[part])
        assert answer.headers["Content-Range"] == range_.format(size=size, last=size - 1, tail=size - 4)

    def test_a_part_behind_the_end_is_refused_with_the_size(self, client: FlaskClient, film: Media) -> None:
        answer = client.get(film.path, headers={"Range": "bytes=999999-"})
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{film.size_bytes}"

    @pytest.mark.parametrize("wanted", ["items=0-1", "bytes=a-b", "bytes=9-2", "bytes=-", "bytes", "bytes=0-1,4-5"])
    def test_a_range_of_another_kind_is_answered_with_the_whole(
        self, client: FlaskClient, film: Media, wanted: str
    ) -> None:
        answer = client.get(film.path, headers={"Range": wanted})
        assert (answer.status_code, len(answer.data)) == (200, film.size_bytes)
        assert "Content-Range" not in answer.headers
        assert answer.headers["Accept-Ranges"] == "bytes"

    @pytest.mark.parametrize("validator", ['"other"', 'W/"{hash}"', "Mon, 23 Nov 2026 08:00:00 GMT"])
    def test_a_part_of_another_version_is_answered_with_the_whole(
        self, client: FlaskClient, film: Media, validator: str
    ) -> None:
        headers = {"Range": "bytes=0-3", "If-Range": validator.format(hash=film.hash)}
        answer = client.get(film.path, headers=headers)
        assert (answer.status_code, len(answer.data)) == (200, film.size_bytes)

    def test_who_has_the_file_gets_no_part_of_it(self, client: FlaskClient, film: Media) -> None:
        for wanted in ("bytes=0-3", "bytes=999999-"):
            answer = client.get(film.path, headers={"Range": wanted, "If-None-Match": f'"{film.hash}"'})
            assert (answer.status_code, answer.data) == (304, b"")

    def test_a_part_of_another_file_than_expected_is_refused(self, client: FlaskClient, film: Media) -> None:
        assert client.get(film.path, headers={"Range": "bytes=0-3", "If-Match": '"other"'}).status_code == 412

    @pytest.mark.parametrize("wanted", ["bytes=0-3", "bytes=999999-"])
    def test_head_knows_no_parts(self, client: FlaskClient, film: Media, wanted: str) -> None:
        answer = client.head(film.path, headers={"Range": wanted})
        assert (answer.status_code, answer.content_length) == (200, film.size_bytes)

    def test_a_range_that_is_ignored_keeps_nothing_from_being_packed(
        self, client: FlaskClient, session: Session
    ) -> None:
        drawing = store(session, a_drawing("<g/>" * 1000), "chart.svg")
        client.get(drawing.path)
        answer = client.get(drawing.path, headers={"Accept-Encoding": "br", "Range": "items=0-1"})
        assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "br")

    def test_a_part_of_this_version_is_served(self, client: FlaskClient, film: Media) -> None:
        answer = client.get(film.path, headers={"Range": "bytes=0-3", "If-Range": f'"{film.hash}"'})
        assert answer.status_code == 206


class TestAddresses:
    def test_another_name_leads_to_the_right_one(self, client: FlaskClient, picture: Media) -> None:
        for _from_the_database_then_from_the_copy in range(2):
            answer = client.get(f"/media/{picture.hash}/other.html")
            assert (answer.status_code, answer.headers["Location"]) == (301, picture.path)

    @pytest.mark.parametrize(
        "path",
        [
            "/media/" + "0" * 32 + "/a.png",
            "/media/..%2f..%2fetc/passwd",
            "/media/%2e%2e/passwd",
            "/media/" + "A" * 32 + "/a.png",
            "/media/" + "0" * 31 + "%0a/a.png",
            "/media/x/a.png",
        ],
    )
    def test_what_is_no_hash_of_ours_is_not_found(self, client: FlaskClient, path: str) -> None:
        assert client.get(path).status_code == 404


class TestBadDays:
    def test_the_copy_answers_when_the_database_is_away(self, client: FlaskClient, picture: Media, app: Flask) -> None:
        first = client.get(picture.path)
        app.extensions[EXTENSION].database = Database("postgresql+psycopg2://nobody@127.0.0.1:1/none")
        again = client.get(picture.path)
        assert (again.status_code, again.data, again.headers["ETag"]) == (200, first.data, first.headers["ETag"])

    @pytest.mark.usefixtures("unreachable")
    def test_without_a_copy_it_says_come_back(self, client: FlaskClient, picture: Media) -> None:
        answer = client.get(picture.path)
        assert answer.status_code == 503
        assert answer.headers["Cache-Control"] == "no-store"

    def test_a_copy_cut_short_is_made_anew(self, client: FlaskClient, picture: Media, settings: Settings) -> None:
        whole = client.get(picture.path).data
        copy = settings.paths.cache / "media" / picture.hash[:2] / picture.hash
        copy.write_bytes(whole[:10])
        assert client.get(picture.path).data == whole
        assert copy.read_bytes() == whole

    def test_the_cache_may_be_deleted_at_any_time(
        self, client: FlaskClient, picture: Media, settings: Settings
    ) -> None:
        whole = client.get(picture.path).data
        shutil.rmtree(settings.paths.cache / "media")
        assert client.get(picture.path).data == whole

    def test_a_folder_that_cannot_be_written_is_no_hindrance(
        self, client: FlaskClient, film: Media, settings: Settings
    ) -> None:
        Path(settings.paths.cache).mkdir(parents=True, exist_ok=True)
        (settings.paths.cache / "media").write_text("in the way")
        answer = client.get(film.path, headers={"Range": "bytes=0-3"})
        assert (answer.status_code, len(answer.data)) == (206, 4)


class TestFormsOfAPicture:
    FORM = Variant("avif", 40)

    @pytest.fixture
    def offered(self, session, picture) -> str:
        """The address of a form that pages offer."""
        store_variants(session, picture.id, {self.FORM: 100})
        session.execute(delete(Job))
        return path_of(picture.hash, self.FORM, PNG)

    @pytest.fixture
    def made(self, settings, picture, offered, tmp_path) -> bytes:
        """The form itself."""
        (tmp_path / "made").write_bytes(b"the form")
        media_cache(settings.paths).add_variant(picture.hash, "40.avif", tmp_path / "made")
        return b"the form"

    def test_it_is_served_for_ever_without_the_database(self, client, offered, made, unreachable):
        answer = client.get(offered)
        assert answer.data == made
        assert answer.content_type == "image/avif"
        assert answer.headers["Cache-Control"].endswith("immutable")
        assert client.get(offered, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304

    def test_while_its_file_is_gone_the_picture_itself_stands_in_and_it_is_made_again(
        self, client, session, picture, offered
    ):
        for _ in range(2):
            answer = client.get(offered)
            assert answer.data == a_picture()
            assert answer.content_type == "image/png"
            assert answer.headers["Cache-Control"] == "public, max-age=60"
        jobs = session.scalars(select(Job)).all()
        assert [(job.kind, job.payload) for job in jobs] == [("media.variants", {"media_id": picture.id})]

    def test_the_picture_stands_in_while_the_database_is_away_too(self, client, picture, offered, app):
        client.get(picture.path)
        app.extensions[EXTENSION].database = Database("postgresql+psycopg2://nobody@127.0.0.1:1/none")
        assert client.get(offered).data == a_picture()

    @pytest.mark.parametrize("name", ["41.avif", "40.webp", "40.gif", "..%2f40.avif", "040.avif", "40.avif.json"])
    def test_a_form_that_no_page_offers_is_not_found_and_makes_no_work(self, client, session, picture, offered, name):
        assert client.get(f"/media/{picture.hash}/w/{name}").status_code == 404
        assert session.scalars(select(Job)).all() == []
