"""What several workers together must never do: show somebody a page of before a change that was acknowledged."""

import http.client
import time
from collections.abc import Iterator

import pytest

from homeport.cache.shared import SharedRevision
from homeport.cache.store import PageStore
from homeport.ops.webservice import WebService
from tests.factories.blog import make_entry
from tests.factories.pages import make_stored_page
from tests.factories.sites import serving

WORKERS = 3
WRITES = 40
# Each changes what is on every page, and answers when that is committed.
WRITING = """
    from sqlalchemy import text

    from homeport import wsgi

    prepare, complete = wsgi.prepare, wsgi.complete
    CHANGE = text("update site set tagline = :tagline")

    class Site:
        offer_pages = property(lambda self: wsgi.app.offer_pages)

        def __call__(self, environ, start_response):
            path = environ["PATH_INFO"]
            if not path.startswith("/write/"):
                return wsgi.app(environ, start_response)
            with wsgi.app.load().extensions["homeport"].database.transaction() as session:
                session.execute(CHANGE, {"tagline": path.removeprefix("/write/")})
            start_response("204 No Content", [])
            return []

    app = Site()
    """


@pytest.fixture(scope="module")
def web(committed, committed_uri, tmp_path_factory) -> Iterator[WebService]:
    with committed.transaction() as session:
        make_entry(session)
    given = {"DB_URI": committed_uri, "WEB_WORKERS": str(WORKERS), "JOBS": "off", "LOG_LEVEL": "warning"}
    with serving(WRITING, tmp_path_factory.mktemp("site"), **given) as web:
        yield web


def ask(client: http.client.HTTPConnection, path: str) -> bytes:
    client.request("GET", path)
    return client.getresponse().read()


def test_no_worker_shows_what_was_before_an_acknowledged_change(web):
    clients = [http.client.HTTPConnection(*web.address, timeout=20) for _ in range(4 * WORKERS)]
    for number in range(WRITES):
        ask(clients[number % len(clients)], f"/write/number-{number}-")
        for client in clients:
            assert f"number-{number}-".encode() in ask(client, "/")
    for client in clients:
        client.close()


@pytest.fixture
def store(committed, committed_uri, tmp_path) -> Iterator[PageStore]:
    store = PageStore(tmp_path / "form", committed_uri, SharedRevision())
    store.start()
    assert store.listener.wait_until_current(5)
    yield store
    store.stop()


def test_it_is_noted_for_which_content_all_pages_were_rendered(store, committed):
    assert store.note_rendered()
    assert not store.note_rendered()
    with committed.transaction() as session:
        make_entry(session)
    store.is_current()
    time.sleep(0.2)
    assert store.note_rendered()


def test_a_page_that_is_the_same_as_before_keeps_its_better_encodings(store):
    page = make_stored_page().with_body("br", b"best", is_best=True)
    store.keep(page)
    held = store.keep(make_stored_page().with_body("br", b"not so good"))
    assert held.page.bodies["br"] == b"best"
    assert store.keep(make_stored_page(etag="other")).page.bodies == {"": b"page"}


def test_a_page_that_is_too_large_is_not_stored(store):
    store.keep(make_stored_page("/large", bytes(2 * 1024 * 1024)))
    assert store.files.read("/large") is None
