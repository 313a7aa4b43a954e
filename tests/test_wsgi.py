"""A start with pages in the store: readers get them before the application is loaded."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from homeport.ops import process
from homeport.ops.webservice import WebService
from tests.factories.blog import make_entry
from tests.factories.sites import get, serving

# The application is loaded when the test says so.
WAITING = """
    import os
    import time

    from homeport import wsgi

    app, prepare, complete = wsgi.app, wsgi.prepare, wsgi.complete
    can_open_with_stored_pages = wsgi.can_open_with_stored_pages

    def load():
        while not os.path.exists(os.environ["TRIED_SIGN"]):
            time.sleep(0.01)
        wsgi.load()
    """

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def filled(committed) -> None:
    with committed.transaction() as session:
        make_entry(session, title="Written before", slug="before")


@pytest.fixture
def given(filled, committed_uri, tmp_path) -> dict[str, str]:
    return {"DB_URI": committed_uri, "JOBS": "off", "TRIED_SIGN": str(tmp_path / "sign")}


@contextmanager
def loading(folder: Path, given: dict[str, str]) -> Iterator[WebService]:
    """Start a site whose application is not loaded before there is a sign."""
    with serving(WAITING, folder, is_awaited=False, **given) as web:
        yield web


def test_the_first_reader_gets_a_stored_page_and_the_rest_comes_later(given, tmp_path):
    sign = tmp_path / "sign"
    sign.touch()
    with loading(tmp_path, given) as web:
        before = get(web)
    assert b"Written before" in before
    sign.unlink()
    with loading(tmp_path, given) as web:
        assert get(web).partition(b"\r\n\r\n")[2] == before.partition(b"\r\n\r\n")[2]
        assert not web.is_serving
        sign.touch()
        assert process.wait_until(lambda: not web.fault(time.monotonic()) and web.is_complete, 30)
        assert b"Written before" in get(web, "/posts/before")


def test_a_page_that_was_changed_meanwhile_is_made_anew(given, tmp_path, committed):
    (tmp_path / "sign").touch()
    with loading(tmp_path, given) as web:
        assert b"Written before" in get(web)
    with committed.transaction() as session:
        make_entry(session, title="Written while it was down", slug="after")
    with loading(tmp_path, given) as web:
        assert b"Written while it was down" in get(web)


def test_what_is_not_stored_is_loaded_by_the_worker_that_is_asked(given, tmp_path):
    (tmp_path / "sign").touch()
    with loading(tmp_path, given) as web:
        get(web)
    (tmp_path / "sign").unlink()
    with loading(tmp_path, given) as web:
        assert b"Written before" in get(web, "/posts/before")
        assert not web.is_serving
