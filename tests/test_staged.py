import threading

import pytest
from flask import Flask
from werkzeug.test import Client, EnvironBuilder

from homeport.staged import StagedApplication, is_for_readers


def saying(word: str) -> Flask:
    app = Flask(word)
    app.add_url_rule("/", "all", lambda path="": word, methods=["GET", "POST"])
    app.add_url_rule("/<path:path>", "all", methods=["GET", "POST"])
    return app


@pytest.fixture
def loaded() -> list[str]:
    return []


def staged_in(loaded: list[str]) -> StagedApplication:
    def load() -> Flask:
        loaded.append("readers")
        return saying("readers")

    def complete(_readers: Flask) -> Flask:
        loaded.append("everything")
        return saying("everything")

    return StagedApplication(load, complete)


@pytest.fixture
def staged(loaded: list[str]) -> StagedApplication:
    return staged_in(loaded)


def test_nothing_is_loaded_before_somebody_asks(staged, loaded):
    assert (staged.is_loaded, loaded) == (False, [])


def test_readers_wait_for_nothing_but_their_pages(staged, loaded):
    assert Client(staged).get("/2026/a-post").text == "readers"
    assert Client(staged).get("/2026/another").text == "readers"
    assert loaded == ["readers"]


@pytest.mark.parametrize("path", ["/studio", "/setup/token", "/api/v1/entries", "/comments/1", "/feed.atom", "/x.json"])
def test_who_asks_for_more_gets_it(staged, path):
    assert Client(staged).get(path).text == "everything"


def test_what_is_sent_is_never_for_readers_pages():
    assert not is_for_readers(EnvironBuilder("/a-post", method="POST").get_environ())


def test_once_complete_everything_is_answered_by_the_whole(staged):
    staged.complete()
    assert Client(staged).get("/2026/a-post").text == "everything"


def test_two_who_cannot_wait_load_it_once(loaded):
    both, staged = threading.Barrier(2), staged_in(loaded)

    def ask() -> None:
        both.wait()
        Client(staged).get("/studio")

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loaded == ["readers", "everything"]
