"""The library as a browser without scripts and as a script sees it."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from homeport.accounts.proofs import AuditEvent
from homeport.blog.targets import find_targets
from homeport.jobs.models import Job
from homeport.media.models import Media
from homeport.settings import MediaSettings
from tests.factories.blog import make_entry
from tests.factories.media import (
    SECRET,
    a_box,
    a_drawing,
    a_movie,
    a_photo,
    a_picture,
    a_png_that_claims,
)
from tests.factories.members import sign_in

JSON = {"Accept": "application/json"}


@pytest.fixture
def settings(settings):
    """A site that takes small files only, so that a test can send one that is too large."""
    return settings.replace(media=MediaSettings(max_bytes=100_000))


@pytest.fixture
def author(client, session):
    sign_in(session, client, "author")
    return client


@pytest.fixture
def editor(client, session):
    sign_in(session, client, "editor")
    return client


def send(client, *files: tuple[bytes, str], **headers):
    given = {"file": [(BytesIO(data), name) for data, name in files]}
    return client.post("/studio/media", data=given, headers=headers or None)


def a_zip() -> bytes:
    output = BytesIO()
    with ZipFile(output, "w") as archive:
        archive.writestr("index.html", "<h1>Hello</h1>")
    return output.getvalue()


class TestUploading:
    def test_several_files_come_in_at_once_without_a_script(self, author, session):
        answer = send(author, (a_picture(), "Harbour at dawn.png"), (a_movie(), "film.mp4"), (a_zip(), "data.zip"))
        assert (answer.status_code, answer.location) == (303, "/studio/media")
        page = author.get("/studio/media").text
        assert "harbour-at-dawn.png" in page
        assert "80 × 40" in page
        assert {media.content_type for media in session.scalars(select(Media))} == {
            "image/png",
            "video/mp4",
            "application/zip",
        }

    def test_a_script_is_told_how_to_show_each(self, author):
        [told] = send(author, (a_picture(), "Harbour.png"), **JSON).json
        assert told["name"] == "harbour.png"
        assert told["markdown"] == f"![]({told['path']})"
        assert (told["width"], told["height"], told["kind"], told["alt"]) == (80, 40, "image", "")
        assert author.get(told["path"], buffered=True).status_code == 200

    def test_one_that_is_refused_takes_nothing_away_from_the_others(self, author, session):
        answer = send(author, (b"MZ\x00\x01program", "setup.exe"), (a_picture(), "a.png"), **JSON)
        assert answer.status_code == 200
        assert [result.get("error", "") != "" for result in answer.json] == [True, False]
        assert session.scalars(select(Media.name)).all() == ["a.png"]

    def test_where_nothing_was_taken_the_answer_is_no(self, author, session):
        assert send(author, (b"MZ\x00\x01program", "setup.exe"), **JSON).status_code == 422
        page = send(author, (b"MZ\x00\x01program", "setup.exe"))
        assert page.status_code == 422
        assert "setup.exe is a program; pack it in a zip" in page.text
        assert send(author).status_code == 422

    def test_some_taken_and_some_refused_are_both_told(self, author, session):
        page = send(author, (b"MZ\x00\x01program", "setup.exe"), (a_picture(), "a.png"))
        assert page.status_code == 200
        assert "1 file is here now" in page.text
        assert "setup.exe is a program" in page.text

    def test_the_same_file_is_stored_once(self, author, session):
        first, second = (send(author, (a_picture(), name), **JSON).json[0] for name in ("a.png", "b.png"))
        assert first["path"] == second["path"]

    def test_what_a_camera_notes_is_gone_and_what_lay_on_its_side_stands(self, author):
        [told] = send(author, (a_photo(orientation=6), "a.jpg"), **JSON).json
        assert (told["width"], told["height"]) == (40, 80)
        stored = author.get(told["path"], buffered=True).data
        assert SECRET not in stored
        assert b"ICC_PROFILE" in stored

    def test_the_forms_of_a_picture_are_asked_for(self, author, session):
        send(author, (a_picture(), "a.png"))
        assert "media.variants" in session.scalars(select(Job.kind)).all()

    def test_nothing_stays_behind_on_the_disk(self, author, settings):
        send(author, (a_picture() * 100, "a.png"), (a_picture(), "b.png"))
        assert list((settings.paths.cache / "uploads").iterdir()) == []

    @pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00b.png", "<script>.png", "", "x" * 500, "名前.png"])
    def test_no_name_is_a_danger(self, author, name):
        answer = send(author, (a_picture(), name or "a.png"), **JSON)
        assert answer.json[0]["name"].endswith(".png")
        assert "/" not in answer.json[0]["name"]
        assert author.get("/studio/media").status_code == 200


REFUSED = {
    "bomb.png": (a_png_that_claims(60_000, 60_000), "million are the most"),
    "poster.png": (a_png_that_claims(20_000, 20_000), "20,000 x 20,000 pixels"),
    "cut.png": (a_picture()[:-20], "not a whole PNG file: it ends in the middle"),
    "cut.jpg": (a_picture("JPEG")[:-20], "not a whole JPEG file"),
    "both.png": (a_picture() + a_zip(), "another file hidden"),
    "page.png": (b"<html><script>alert(1)</script></html>", "is an HTML page"),
    "drawing.svg": (a_drawing("<script>alert(1)</script>"), "has a program in it (&lt;script&gt;)"),
    "click.svg": (a_drawing('<rect onclick="alert(1)"/>'), "has a program in it (onclick=)"),
    "laughs.svg": (b'<!DOCTYPE svg [<!ENTITY a "&b;">]>' + a_drawing("&a;"), "defines the entity"),
    "phone.heic": (a_box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic"), "HEIC picture"),
    "empty.png": (b"", "is empty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_refused_in_a_sentence(author, session, name):
    data, sentence = REFUSED[name]
    page = send(author, (data, name))
    assert page.status_code == 422
    assert name in page.text
    assert sentence in page.text
    assert session.scalars(select(Media)).all() == []


def test_a_file_over_the_limit_is_counted_but_not_kept(author, settings, session, monkeypatch):
    monkeypatch.setattr("homeport.studio.media.add_upload", lambda *_, **__: pytest.fail("it was read"))
    answer = send(author, (b"x" * (settings.media.max_bytes + 1), "a.txt"), **JSON)
    assert answer.status_code == 422
    assert "MEDIA_MAX_BYTES allows" in answer.json[0]["error"]


def test_a_request_over_the_limit_is_cut_off(author, settings):
    answer = author.post(
        "/studio/media",
        headers=JSON,
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(settings.server.request_max_bytes + 1)},
    )
    assert answer.status_code == 413


class TestFinding:
    @pytest.fixture(autouse=True)
    def shelf(self, author, session):
        send(author, (a_picture(), "harbour.png"), (a_movie(), "film.mp4"), (a_zip(), "data.zip"))
        session.scalars(select(Media).where(Media.name == "film.mp4")).one().alt = "Boats 100% at dawn"
        session.flush()

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("q=harb", {"harbour.png"}),
            ("q=boats+dawn", {"film.mp4"}),
            ("q=100%25", {"film.mp4"}),
            ("q=%25", {"film.mp4"}),
            ("kind=download", {"data.zip"}),
            ("kind=image&q=film", set()),
            ("kind=nonsense", {"harbour.png", "film.mp4", "data.zip"}),
        ],
    )
    def test_by_name_description_and_kind(self, author, query, names):
        answer = author.get(f"/studio/media?{query}")
        page = answer.text
        assert answer.status_code == 200
        assert {name for name in ("harbour.png", "film.mp4", "data.zip") if f"<strong>{name}" in page} == names

    def test_page_by_page(self, author, monkeypatch):
        monkeypatch.setattr("homeport.studio.media.SHELF", 2)
        monkeypatch.setattr(
            "homeport.media.queries.find_media.__kwdefaults__", {"limit": 2, "kind": "", "before": None}
        )
        first = author.get("/studio/media").text
        assert "data.zip" in first
        assert "harbour.png" not in first
        older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        assert "harbour.png" in author.get(f"/studio/media{older}").text


class TestDescribing:
    def test_words_are_saved_in_place(self, author, session):
        [told] = send(author, (a_picture(), "a.png"), **JSON).json
        words = {"alt": "The harbour\x00", "caption": "At dawn", "query": "q=a"}
        answer = author.post(f"/studio/media/{told['id']}", data=words)
        assert answer.location == f"/studio/media?q=a#file-{told['id']}"
        media = session.scalars(select(Media)).one()
        assert (media.alt, media.caption) == ("The harbour", "At dawn")
        assert 'value="The harbour"' in author.get("/studio/media").text

    def test_what_somebody_else_has_uploaded_is_for_editors(self, author, session):
        [told] = send(author, (a_picture(), "a.png"), **JSON).json
        sign_in(session, author, "author")
        assert "Save" not in author.get("/studio/media").text
        assert author.post(f"/studio/media/{told['id']}", data={"alt": "x"}).status_code == 403
        assert author.post(f"/studio/media/{told['id']}/delete").status_code == 403
        sign_in(session, author, "editor")
        assert author.post(f"/studio/media/{told['id']}", data={"alt": "x"}).status_code == 303


class TestDeleting:
    @pytest.fixture
    def picture(self, editor) -> dict:
        return send(editor, (a_picture(), "a.png"), **JSON).json[0]

    def test_what_nobody_uses_goes_and_that_is_noted(self, editor, session, picture):
        assert "No entry uses it" in editor.get(f"/studio/media/{picture['id']}/delete").text
        assert editor.post(f"/studio/media/{picture['id']}/delete").status_code == 303
        assert session.scalars(select(AuditEvent.action)).all()[-1] == "media.delete"
        assert "media.forget" in session.scalars(select(Job.kind)).all()
        assert editor.get(f"/studio/media/{picture['id']}/delete").status_code == 404

    def test_what_is_used_asks_again_and_says_where(self, editor, session, picture):
        source = f"![A]({picture['path']})\n"
        entry = make_entry(session, title="Harbour", source=source, targets=find_targets(session, source))
        assert "Used in" in editor.get("/studio/media").text
        page = editor.post(f"/studio/media/{picture['id']}/delete")
        assert page.status_code == 409
        assert "used in 1 entry" in page.text
        assert f"/studio/entries/{entry.public_id}" in page.text
        sure = editor.post(f"/studio/media/{picture['id']}/delete", data={"although_used": "yes"})
        assert sure.status_code == 303
        session.expire_all()
        assert "/media/" not in editor.get(entry.path).text


def test_a_visitor_sees_nothing_and_sends_nothing(client):
    assert client.get("/studio/media").status_code == 302
    assert send(client, (a_picture(), "a.png"), **JSON).status_code == 401
