"""What readers ask for most gets no dearer unnoticed: counted in steps of Python, which a busy machine does not change.

`PRICE=renew bin/test tests/architecture/test_price.py` writes the counts of this Python into `price.json`.
"""

import json
import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from werkzeug.test import EnvironBuilder

from homeport.app import STORED, create_app
from homeport.cache.answers import Answers
from homeport.cache.shared import SharedRevision
from homeport.cache.store import PageStore
from homeport.cache.storing import Storing
from homeport.settings import Settings
from tests.factories.blog import make_entry
from tests.factories.comments import make_comment
from tests.factories.price import steps_of

BOOK = Path(__file__).with_name("price.json")
PYTHON = platform.python_version().rpartition(".")[0]
MOST = 1.15
POST, HOME = "/posts/entry", "/"
REQUEST = (
    b"GET /posts/entry HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0)\r\n"
    b"Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nAccept-Language: en-GB,en;q=0.5\r\n"
    b"Accept-Encoding: gzip, deflate, br, zstd\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\n\r\n"
)
WARM_UP = 3


@pytest.fixture(scope="module")
def site_settings(tmp_path_factory) -> Settings:
    folder = tmp_path_factory.mktemp("site")
    return Settings.from_env({"DATA_DIR": str(folder), "FLASK_KEY": "a key that only tests use"})


@pytest.fixture(scope="module")
def filled(committed) -> None:
    with committed.transaction() as session:
        entry = make_entry(session, slug="entry", tags=("one", "two"), authors=("Ann",), series="Long story")
        for number in range(10):
            make_entry(session, slug=f"entry-{number}", tags=("one",), authors=("Ann",), series="Long story")
        for _ in range(3):
            make_comment(session, entry)


@pytest.fixture
def store(committed, committed_uri, filled, tmp_path, monkeypatch) -> Iterator[PageStore]:
    monkeypatch.setattr("homeport.cache.store.HEARING_SECONDS", 10.0)
    shared = SharedRevision()
    committed.heed = shared.heed
    store = PageStore(tmp_path / "pages" / "form", committed_uri, shared)
    yield store
    store.stop()


def test_a_stored_post(site_settings, committed, store):
    app = create_app(site_settings, database=committed, pages=Storing(store, STORED))
    for _ in range(WARM_UP):
        app.test_client().get(POST, headers={"Accept-Encoding": "br"})
    answers = Answers(store, lambda _: None, lambda _: False)

    def hit() -> None:
        assert answers.find(REQUEST, "192.0.2.7") is not None

    compare("a stored post", hit)


@pytest.mark.parametrize(("name", "path"), [("a post", POST), ("the home page", HOME)])
def test_what_is_made_for_each_request(site_settings, committed, filled, name, path):
    app = create_app(site_settings, database=committed)

    def ask() -> None:
        said: list[str] = []
        body = app.wsgi_app(EnvironBuilder(path=path).get_environ(), lambda status, _: said.append(status))
        assert b"".join(body)
        assert said == ["200 OK"]

    compare(f"{name} that is made", ask)


def compare(name: str, work: Callable[[], object]) -> None:
    for _ in range(WARM_UP):
        work()
    steps = min(steps_of(work) for _ in range(WARM_UP))
    book = json.loads(BOOK.read_text())
    if os.environ.get("PRICE") == "renew":
        book.setdefault(name, {})[PYTHON] = steps
        BOOK.write_text(json.dumps(book, indent=2, sort_keys=True) + "\n")
    # Another Python counts a little differently; what is dearer by half is dearer everywhere.
    known = book[name].get(PYTHON)
    most = known * MOST if known else max(book[name].values()) * 1.5
    assert steps <= most, f"{name} takes {steps} steps, {steps / most * 100 - 100:.0f} % more than it may"


def test_more_work_is_more_steps():
    once, twice = (steps_of(lambda times=times: [str(number) for number in range(times)]) for times in (100, 200))
    assert 1.8 < twice / once < 2.2
