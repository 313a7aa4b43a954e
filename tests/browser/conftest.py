"""The real application on a loopback port with a small site in it, and a browser to read it with."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from urllib.request import urlopen
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine, make_url, text
from werkzeug.serving import WSGIRequestHandler, make_server

from homeport.app import create_app, prepare
from homeport.db.session import Database
from homeport.ops.postgres import running
from homeport.settings import Settings
from tests.browser.seed import LONG_TITLE, fill
from tests.browser.visit import Visitor

PIECE_BYTES = 700
PIECE_SECONDS = 0.04
# Long enough to be painted.
LONG_PAUSE_SECONDS = 0.5
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def server_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose databases are written for good: what a browser reads is not in a test's transaction."""
    with running(tmp_path_factory.mktemp("browser")) as uri:
        yield uri


@pytest.fixture(scope="session")
def address(server_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the seeded site is served."""
    with _site(server_uri, "filled", tmp_path_factory.mktemp("filled"), is_filled=True) as address:
        yield address


@pytest.fixture(scope="session")
def empty_address(server_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a site without a single entry is served."""
    with _site(server_uri, "empty", tmp_path_factory.mktemp("empty"), is_filled=False) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.skip(f"none of {', '.join(CHROMIUM)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    """Somebody who opens pages of the seeded site."""
    with Visitor(browser, address) as visitor:
        yield visitor


@pytest.fixture(scope="session")
def slow_address(address: str) -> Iterator[str]:
    """Where the seeded site comes in small pieces, as over a bad connection."""

    def in_pieces(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        with urlopen(address + environ["PATH_INFO"]) as answer:
            body, content_type = answer.read(), answer.headers["Content-Type"]
        start_response("200 OK", [("Content-Type", content_type), ("Content-Length", str(len(body)))])
        if "html" not in content_type:
            # A style sheet that came last would hide what moves before it is there.
            yield body
            return
        # Also in the middle of the foot, which stands on the ground below a short page, and of titles.
        foot = body.rfind(b"<nav")
        titles = [title.end() for title in re.finditer(LONG_TITLE[:60].encode(), body)]
        for start, end in pairwise(sorted({*range(0, len(body), PIECE_BYTES), *titles, foot, len(body)})):
            yield body[start:end]
            time.sleep(LONG_PAUSE_SECONDS if end == foot else PIECE_SECONDS)

    with _served(in_pieces) as slow_address:
        yield slow_address


@contextmanager
def _site(server_uri: str, name: str, folder: Path, *, is_filled: bool) -> Iterator[str]:
    _create_database(server_uri, name)
    uri = make_url(server_uri).set(database=name).render_as_string(hide_password=False)
    database = Database(uri)
    settings = Settings.from_env({"DATA_DIR": str(folder), "FLASK_KEY": "a key that only tests use"})
    app = create_app(settings, database=database)
    prepare(app)
    if is_filled:
        with database.transaction() as session:
            fill(session)
    with _served(app) as address:
        yield address
    database.dispose()


@contextmanager
def _served(app: WSGIApplication) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _create_database(server_uri: str, name: str) -> None:
    engine = create_engine(server_uri, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()


class _Quiet(WSGIRequestHandler):
    """Keeps the server's access log out of the tests' output."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        """Say nothing."""
