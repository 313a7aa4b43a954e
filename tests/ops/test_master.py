"""What the master does beside keeping workers: a worker for readers first, then those that have everything."""

import textwrap
import time

import pytest

from homeport.errors import UnavailableError
from homeport.ops import heartbeat, process
from homeport.ops.exits import exit_code
from homeport.ops.webservice import StartError
from tests.factories.sites import get, serving, workers_of

STAGED = """
    import os

    parts = ["pages"]

    def complete():
        parts.append(f"the rest, loaded by {os.getpid()}")

    def app(environ, start_response):
        answer = " and ".join(parts).encode()
        start_response("200 OK", [("Content-Length", str(len(answer)))])
        return [answer]
    """

BROKEN = """
    def complete():
        raise RuntimeError("half of it is missing")

    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", "0")])
        return []
    """

pytestmark = pytest.mark.stack


def taking(seconds: int) -> str:
    """Return such a site whose second part takes its time."""
    return STAGED.replace("def complete():", f"def complete():\n        import time; time.sleep({seconds})")


def test_readers_are_answered_before_the_rest_is_loaded(tmp_path):
    with serving(taking(2), tmp_path) as web:
        assert get(web).endswith(b"\r\n\r\npages")
        assert len(workers_of(web)) == 1
        assert not web.is_complete
        assert process.wait_until(lambda: not web.fault(time.monotonic()) and web.is_complete, 30)


def test_all_workers_have_in_the_end_what_the_master_has_loaded(tmp_path):
    with serving(taking(2), tmp_path, WEB_WORKERS="3") as web:
        [first] = workers_of(web)
        assert web.child is not None
        whole = f"pages and the rest, loaded by {web.child.pid}".encode()
        assert process.wait_until(lambda: not first.is_alive() and len(workers_of(web)) == 3, 30)
        assert all(get(web).endswith(whole) for _ in range(12))


def test_a_site_that_never_was_complete_has_not_started(tmp_path):
    with pytest.raises(StartError) as refusal, serving(BROKEN, tmp_path) as web:
        process.wait_until(lambda: bool(web.fault(time.monotonic())), 30)
    assert refusal.value.code == 1


OPENED_EARLY = """
    from homeport.errors import UnavailableError

    can_open_with_stored_pages = True

    def load():
        raise UnavailableError("the database is of a later release")
    """


def test_a_site_that_opened_with_stored_pages_and_cannot_go_on_ends_with_the_reason(tmp_path, capfd):
    with (
        pytest.raises(StartError) as refusal,
        serving(textwrap.dedent(OPENED_EARLY) + textwrap.dedent(STAGED), tmp_path),
    ):
        pass
    assert refusal.value.code == exit_code(UnavailableError(""))
    assert "error: the database is of a later release" in capfd.readouterr().err


def test_a_site_in_one_piece_gets_all_its_workers_at_once(tmp_path):
    whole = STAGED.replace("def complete", "def never_asked")
    with serving(whole, tmp_path, WEB_WORKERS="2") as web:
        assert process.wait_until(lambda: len(workers_of(web)) == 2, 30)
        assert get(web).endswith(b"\r\n\r\npages")


def test_loading_the_rest_may_take_longer_than_a_pause(tmp_path, monkeypatch):
    monkeypatch.setattr(heartbeat, "LONGEST_PAUSE_SECONDS", 1.5)
    with serving(taking(4), tmp_path) as web:
        faults = []
        assert process.wait_until(lambda: faults.append(web.fault(time.monotonic())) or len(workers_of(web)) > 1, 30)
        assert not any(faults)
