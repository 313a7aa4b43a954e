"""The web server's companion in a real Gunicorn: begun, begun again, and gone with its parent."""

import os
import signal
from pathlib import Path

import pytest

from homeport.ops import kernel, process
from homeport.ops.process import ProcessId
from tests.factories.sites import HELLO, get, serving, workers_of

COMPANION = (
    HELLO
    + """
    import os, signal, time

    def work(promise):
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        with open(os.environ["DATA_DIR"], "a") as lives:
            lives.write(f"{os.getpid()}\\n")
        while True:
            promise(float(os.environ["PROMISED_SECONDS"]))
            time.sleep(0.05)
    """
)


@pytest.fixture
def lives(tmp_path) -> Path:
    return tmp_path / "data"


def companion_of(lives: Path, *, number: int = 1) -> ProcessId:
    """Wait for the companion's life with this number."""
    assert process.wait_until(lambda: lives.exists() and lives.read_text().count("\n") >= number, 20)
    found = ProcessId.of(int(lives.read_text().split()[number - 1]))
    assert found is not None
    return found


def test_one_that_is_killed_begins_again_and_readers_notice_nothing(tmp_path, lives):
    with serving(COMPANION, tmp_path, PROMISED_SECONDS="30") as web:
        first = companion_of(lives)
        first.send(signal.SIGKILL)
        second = companion_of(lives, number=2)
        assert second != first
        assert get(web).endswith(b"hello")


def test_one_that_breaks_its_promise_is_killed_and_begins_again(tmp_path, lives):
    with serving(COMPANION, tmp_path, PROMISED_SECONDS="0.5"):
        first = companion_of(lives)
        first.send(signal.SIGSTOP)
        companion_of(lives, number=2)
        assert not first.is_alive()


def test_it_ends_with_the_web_server(tmp_path, lives):
    with serving(COMPANION, tmp_path, PROMISED_SECONDS="30") as web:
        companion = companion_of(lives)
        web.stop()
        assert not companion.is_alive()


@pytest.mark.skipif(not kernel.IS_LINUX, reason="elsewhere it notices with its next promise")
def test_it_ends_with_a_master_that_is_killed(tmp_path, lives):
    with serving(COMPANION, tmp_path, PROMISED_SECONDS="30") as web:
        companion = companion_of(lives)
        os.kill(companion.number, signal.SIGSTOP)
        assert web.child is not None
        web.child.kill()
        assert companion.wait(10)


def test_without_work_there_is_none(tmp_path):
    with serving(HELLO, tmp_path, WEB_WORKERS="1") as web:
        assert process.wait_until(lambda: len(workers_of(web)) > 1, 2) is False


@pytest.mark.skipif(not kernel.IS_LINUX, reason="elsewhere nobody says what a process holds")
def test_it_does_not_hold_the_port(tmp_path, lives):
    with serving(COMPANION, tmp_path, PROMISED_SECONDS="30") as web:
        companion = companion_of(lives)
        held = {str(link.readlink()) for link in Path(f"/proc/{companion.number}/fd").iterdir()}
        assert f"socket:[{os.fstat(web.listeners[0].fileno()).st_ino}]" not in held
