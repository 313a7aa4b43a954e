"""Stored pages must be what would be rendered: the same site, once with a store and once without, side by side."""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import brotli
import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from homeport.app import STORED, create_app
from homeport.blog.actions import delete_entry
from homeport.blog.models import Entry
from homeport.cache import storing
from homeport.cache.shared import SharedRevision
from homeport.cache.store import PageStore
from homeport.cache.storing import Storing
from homeport.comments.models import Response
from homeport.errors import UnavailableError
from homeport.settings import Settings
from homeport.site.actions import site_of
from homeport.web.studio import is_private
from tests.factories.blog import make_draft, make_entry, make_page
from tests.factories.comments import make_comment
from tests.factories.members import sign_in

PATHS = (
    "/", "/posts/first", "/posts/second", "/posts/third", "/about", "/tags", "/tags/one", "/tags/two", "/series",
    "/series/long-story", "/authors/ann", "/archive", "/archive/2020", "/archive/2020/01", "/feed.atom", "/feed.rss",
    "/feed.json", "/tags/one/feed.atom", "/posts/first/comments.atom", "/sitemap.xml", "/robots.txt",
)  # fmt: skip


@pytest.fixture(scope="module")
def site_settings(tmp_path_factory) -> Settings:
    folder = tmp_path_factory.mktemp("site")
    given = {"DATA_DIR": str(folder), "FLASK_KEY": "a key that only tests use", "SITE_URL": "https://example.org"}
    return Settings.from_env(given)


@pytest.fixture(scope="module")
def filled(committed) -> None:
    with committed.transaction() as session:
        first = make_entry(
            session, slug="first", title="First", tags=("one", "two"), authors=("Ann",), series="Long story"
        )
        make_entry(session, slug="second", title="Second", tags=("one",), authors=("Ann",), series="Long story")
        make_entry(
            session, slug="third", title="Third", source="A longer text. " * 400, tags=("two",), authors=("Bob",)
        )
        make_page(session, slug="about", title="About")
        make_draft(session, slug="hidden", title="Hidden", tags=("one",))
        make_comment(session, first)


@pytest.fixture
def store(committed, committed_uri, filled, tmp_path, monkeypatch) -> Iterator[PageStore]:
    # Where the processors are busy news may come late; nothing here is about how long that takes.
    monkeypatch.setattr("homeport.cache.store.HEARING_SECONDS", 10.0)
    shared = SharedRevision()
    committed.heed = shared.heed
    store = PageStore(tmp_path / "pages" / "form", committed_uri, shared)
    yield store
    store.stop()


@pytest.fixture
def app(site_settings, committed, store) -> Flask:
    app = create_app(site_settings, database=committed, pages=Storing(store, STORED))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


@pytest.fixture
def rendered(app) -> list[str]:
    """The addresses that a view was asked for, in order."""
    asked: list[str] = []

    @app.before_request
    def note() -> None:
        asked.append(storing.request.path)

    return asked


@pytest.fixture
def client(app, rendered) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def plain(site_settings, committed) -> FlaskClient:
    return create_app(site_settings, database=committed).test_client()


def said(answer: TestResponse) -> tuple[Any, ...]:
    """Return an answer without what differs each time, how well it is compressed, and that the edge may keep it."""
    encoding = answer.headers.get("Content-Encoding", "")
    differing = {"X-Request-Id"} | ({"Content-Length"} if encoding else set())
    unpack = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress}[encoding if answer.data else ""]
    return (
        answer.status,
        [pair for pair in answer.headers if pair[0] not in differing and pair != storing.EDGE_LIFE],
        unpack(answer.data),
    )


def assert_the_same(client: FlaskClient, plain: FlaskClient, path: str, **options: Any) -> None:
    expected = said(plain.get(path, **options))
    assert said(client.get(path, **options)) == expected, path
    assert said(client.get(path, **options)) == expected, path


def entry_at(session: Session, slug: str) -> Entry:
    return session.query(Entry).filter_by(slug=slug).one()


CHANGES: dict[str, Callable[[Session], object]] = {
    "title": lambda session: setattr(entry_at(session, "second"), "title", "Another title"),
    "text": lambda session: setattr(entry_at(session, "third"), "html", "<p>Another text.</p>"),
    "published": lambda session: make_entry(session, slug="fourth", tags=("one",), authors=("Ann",)),
    "withdrawn": lambda session: setattr(entry_at(session, "fourth"), "state", "draft"),
    "unlisted": lambda session: setattr(entry_at(session, "second"), "state", "unlisted"),
    "listed": lambda session: setattr(entry_at(session, "second"), "state", "published"),
    "comment": lambda session: make_comment(session, entry_at(session, "first")),
    "comment edited": lambda session: session.query(Response).update({"html": "<p>Mended.</p>"}),
    "comment hidden": lambda session: session.query(Response).update({"state": "spam"}),
    "comment shown": lambda session: session.query(Response).update({"state": "shown"}),
    "comments closed": lambda session: setattr(entry_at(session, "first"), "comments_open", False),
    "comments removed": lambda session: session.query(Response).delete(),
    "tag": lambda session: session.execute(text("update tag set title = 'The first' where slug = 'one'")),
    "tag removed": lambda session: session.execute(text("delete from tag where slug = 'two'")),
    "series": lambda session: session.execute(text("update series set description = 'In parts.'")),
    "author": lambda session: session.execute(text("update author set bio = 'Writes.' where slug = 'ann'")),
    "byline": lambda session: session.execute(text("update byline set position = position + 1")),
    "site": lambda session: setattr(site_of(session), "title", "Another site"),
    "page": lambda session: setattr(entry_at(session, "about"), "html", "<p>About nothing.</p>"),
    "deleted": lambda session: delete_entry(session, entry_at(session, "third")),
}  # fmt: skip


class TestNothingIsStale:
    def test_after_any_change_every_page_is_the_one_that_would_be_rendered(self, committed, client, plain):
        for name, change in CHANGES.items():
            for path in PATHS:
                client.get(path)
            with committed.transaction() as session:
                change(session)
            for path in PATHS:
                answer, expected = client.get(path), plain.get(path)
                assert said(answer) == said(expected), (name, path)

    def test_a_scheduled_entry_appears_at_its_moment_without_anybody_doing_anything(self, committed, client, plain):
        at = datetime.now(UTC) + timedelta(seconds=1.5)
        with committed.transaction() as session:
            make_entry(session, slug="soon", title="Soon it will be here", published_at=at)
        assert "Soon it will be here" not in client.get("/").text
        while datetime.now(UTC) < at + timedelta(seconds=0.2):
            client.get("/")
        assert "Soon it will be here" in client.get("/").text
        assert_the_same(client, plain, "/posts/soon")

    def test_what_is_committed_while_a_page_is_rendered_is_not_missed(self, committed, client, app, plain):
        @app.after_request
        def commit_meanwhile(response: Any) -> Any:
            if storing.request.path == "/archive" and "is_stored_page" not in g and not committed_once:
                committed_once.append(True)
                with committed.transaction() as session:
                    make_entry(session, title="Straddled")
            return response

        committed_once: list[bool] = []
        client.get("/archive")
        assert committed_once
        assert "Straddled" in client.get("/archive").text

    def test_a_second_process_is_no_later(self, committed, committed_uri, store, site_settings, client, tmp_path):
        other = PageStore(tmp_path / "pages" / "form", committed_uri, store._shared)
        second = create_app(site_settings, database=committed, pages=Storing(other, STORED)).test_client()
        try:
            for number in range(50):
                client.get("/")
                second.get("/")
                with committed.transaction() as session:
                    site_of(session).tagline = f"Number {number}"
                assert f"Number {number}" in second.get("/").text
                assert f"Number {number}" in client.get("/").text
        finally:
            other.stop()


class TestWhatIsStored:
    @pytest.mark.parametrize("path", PATHS)
    def test_a_page_is_rendered_once(self, client, rendered, path):
        client.get("/robots.txt")
        before = len(rendered)
        first, second = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
        if first.status_code == 200:
            assert second.status_code == 200
            assert len(rendered) == before + (0 if path == "/robots.txt" else 1)

    @pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip, br;q=0.5"}])
    @pytest.mark.parametrize("path", ["/", "/posts/first", "/feed.atom", "/robots.txt"])
    def test_it_is_answered_as_if_it_were_rendered(self, client, plain, path, headers):
        assert_the_same(client, plain, path, headers=headers)
        etag = plain.get(path, headers=headers).headers["ETag"]
        assert_the_same(client, plain, path, headers={**headers, "If-None-Match": etag})
        assert_the_same(client, plain, path, headers={**headers, "If-None-Match": f'"other", {etag}'})
        assert_the_same(client, plain, path, headers={**headers, "If-None-Match": '"other"'})
        assert said(client.head(path, headers=headers)) == said(plain.head(path, headers=headers))

    def test_the_edge_may_keep_it_as_long_as_it_may_be_told_that_it_is_the_same(self, client, plain):
        etag = plain.get("/").headers["ETag"]
        for headers in ({}, {}, {"If-None-Match": etag}):
            assert client.get("/", headers=headers).headers.getlist("X-Accel-Expires") == ["1"]
        assert client.get("/posts/nowhere").headers.getlist("X-Accel-Expires") == []

    def test_an_nginx_that_obeys_the_first_word_keeps_it_too(self, client):
        for _ in range(2):
            names = [name for name, _ in client.get("/").headers]
            assert names.index("X-Accel-Expires") < names.index("Cache-Control")

    def test_whoever_has_it_already_may_be_the_first_to_ask(self, client, plain, rendered):
        etag = plain.get("/").headers["ETag"]
        assert client.get("/", headers={"If-None-Match": etag}).status_code == 304
        assert_the_same(client, plain, "/")
        assert rendered == ["/"]

    def test_parameters_that_no_page_looks_at_make_no_other_page(self, client, rendered):
        for number in range(20):
            assert client.get(f"/?utm_source=letter&number={number}").status_code == 200
        assert rendered == ["/"]

    @pytest.mark.parametrize("path", ["/?before=first", "/?bef%6Fre=first", "/nothing"])
    def test_what_could_be_without_end_is_not_stored(self, client, plain, rendered, path):
        assert_the_same(client, plain, path)
        assert rendered == [path.partition("?")[0]] * 2

    def test_after_a_restart_it_is_still_there(self, client, store, committed, committed_uri, site_settings, plain):
        expected = client.get("/posts/first").data
        again = PageStore(store.files.folder, committed_uri, SharedRevision())
        app = create_app(site_settings, database=committed, pages=Storing(again, STORED))
        app.view_functions.clear()
        assert app.test_client().get("/posts/first").data == expected
        again.stop()

    def test_one_comment_leaves_the_other_pages_where_they_are(self, committed, client, rendered):
        for path in ("/posts/first", "/posts/second", "/tags/one"):
            client.get(path)
        with committed.transaction() as session:
            make_comment(session, entry_at(session, "first"))
        rendered.clear()
        for path in ("/posts/first", "/posts/second", "/tags/one"):
            client.get(path)
        assert rendered == ["/posts/first"]

    def test_a_page_that_is_asked_for_again_is_compressed_better(self, client, store):
        quick = client.get("/feed.atom", headers={"Accept-Encoding": "br"})
        for _ in range(2):
            client.get("/feed.atom", headers={"Accept-Encoding": "br"})
        store.improver.stop()
        better = client.get("/feed.atom", headers={"Accept-Encoding": "br"})
        assert len(better.data) < len(quick.data)
        assert better.headers["ETag"] == quick.headers["ETag"]


class TestConcurrency:
    def test_many_who_ask_at_once_have_it_rendered_once(self, app, rendered):
        gate = threading.Barrier(8)
        answers: list[bytes] = []

        def ask() -> None:
            gate.wait()
            answers.append(app.test_client().get("/posts/first").data)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert rendered == ["/posts/first"]
        assert len(set(answers)) == 1


class TestOutage:
    @pytest.fixture
    def away(self, app, committed, store, client, monkeypatch) -> Iterator[None]:
        for path in ("/", "/posts/first"):
            client.get(path)
        monkeypatch.setattr("homeport.cache.store.HEARING_SECONDS", 0.1)

        def refuse(*_: Any) -> Any:
            raise UnavailableError("the database does not answer")

        reader, committed.reader = committed.reader, refuse
        store.listener._uri = "postgresql://nobody@/nothing?host=/nowhere"
        with committed.record_now() as connection:
            listeners = "from pg_stat_activity where application_name = 'homeport listener'"
            connection.execute(text(f"select pg_terminate_backend(pid) {listeners}"))
        while store.listener.is_current():
            # The thread that is to notice needs the interpreter too.
            time.sleep(0.01)
        yield
        committed.reader = reader

    def test_readers_are_served_what_there_is(self, client, away, plain):
        for path in ("/", "/posts/first"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer.headers["Cache-Status"] == "homeport; hit; detail=away"

    @pytest.mark.usefixtures("away")
    def test_the_site_is_ready_for_readers(self, client):
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json) == (200, {"status": "ready", "database": "away"})

    def test_what_there_is_not_is_unavailable(self, client, away):
        assert client.get("/archive").status_code == 503

    def test_a_restart_changes_nothing(self, away, store, site_settings, committed):
        again = PageStore(store.files.folder, "postgresql://nobody@/nothing?host=/nowhere", SharedRevision())
        app = create_app(site_settings, database=committed, pages=Storing(again, STORED))
        assert app.test_client().get("/posts/first").status_code == 200
        again.stop()

    def test_nobody_waits_for_a_server_that_is_known_not_to_answer(self, app, client, store, plain, monkeypatch):
        shown = plain.get("/posts/first").data
        client.get("/posts/first")
        monkeypatch.setattr("homeport.cache.store.HEARING_SECONDS", 0.1)
        monkeypatch.setattr(store.listener, "is_current", lambda: False)
        monkeypatch.setattr(store.listener, "is_cut_off", lambda: True)
        asked = app.extensions["homeport"].database
        monkeypatch.setattr(asked, "reader", lambda: pytest.fail("somebody has asked the database"))
        answer = client.get("/posts/first")
        assert (answer.status_code, answer.headers["Cache-Status"]) == (200, "homeport; hit; detail=away")
        assert answer.data == shown
        assert client.get("/posts/never-asked-for").status_code == 503

    def test_there_is_an_end_to_it(self, client, away, monkeypatch):
        monkeypatch.setattr("homeport.cache.store.OUTAGE_SECONDS", 0.0)
        assert client.get("/").status_code == 503


class TestNothingPrivateIsStored:
    def test_no_address_of_the_stored_pages_is_somebodys_own(self, app):
        stored = [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in STORED]
        assert stored
        for rule in stored:
            assert not is_private(rule.rule)
            assert not rule.rule.startswith("/comments")
            assert not {"token", "signed"} & rule.arguments
            assert not (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}

    def test_what_any_route_answers_to_the_owner_stays_out(self, app, store, committed):
        client = app.test_client()
        with committed.transaction() as session:
            sign_in(session, client)
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and not rule.arguments:
                client.get(rule.rule)
        stored = {
            json.loads(path.read_bytes().partition(b"\n")[0])["key"] for path in store.files.folder.glob("pages/*/*")
        }
        assert stored == {"/", "/tags", "/series", "/archive", "/sitemap.xml", "/robots.txt"}

    @pytest.mark.parametrize(
        "headers",
        [
            {"Set-Cookie": "a=b"},
            {"Cache-Control": "no-store"},
            {"Vary": "Accept-Encoding, Cookie"},
            {"Vary": "*"},
            {"Content-Disposition": "attachment"},
        ],
    )
    def test_an_answer_that_may_be_somebodys_own_stays_out(self, app, client, rendered, headers):
        @app.after_request
        def change(response):
            response.headers.update(headers)
            return response

        client.get("/")
        client.get("/")
        assert rendered == ["/", "/"]
