import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from homeport.ops import kernel, process
from homeport.ops.copies import Copy, start_copy

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def answer_of(run) -> str:
    """Return what a copy writes into a pipe, the only file that it keeps."""
    reading, writing = os.pipe()
    child = start_copy(
        lambda: os.write(writing, run().encode()), environment={"ONLY": "this"}, keep=[writing], death_signal=9
    )
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    assert child.wait() == 0
    return text


def ending_with(run) -> Copy:
    child = start_copy(run, environment={}, keep=[], death_signal=signal.SIGKILL)
    child.wait()
    return child


def test_it_has_the_environment_it_was_given_and_a_session_of_its_own():
    assert answer_of(lambda: f"{dict(os.environ)} {os.getsid(0) == os.getpid()}") == "{'ONLY': 'this'} True"


@pytest.mark.skipif(not kernel.IS_LINUX, reason="reads /proc")
def test_it_keeps_no_file_of_its_parent_open(tmp_path):
    with (tmp_path / "lock").open("w") as lock, socket.socket() as other:
        opened = {str(number) for number in (lock.fileno(), other.fileno())}
        kept = set(answer_of(lambda: " ".join(path.name for path in Path("/proc/self/fd").iterdir())).split())
    assert kept & opened == set()
    assert len(kept) <= 6


def test_it_reads_nothing_from_the_terminal():
    assert answer_of(lambda: repr(os.read(0, 10))) == "b''"


def test_the_handlers_of_its_parent_are_not_its_own():
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        child = ending_with(lambda: os.kill(os.getpid(), signal.SIGTERM))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert child.returncode == -signal.SIGTERM


def test_it_never_comes_back_into_what_its_parent_was_doing(tmp_path, capfd):
    def fail() -> None:
        raise RuntimeError("in the copy")

    trace = tmp_path / "trace"
    try:
        child = ending_with(fail)
    finally:
        with trace.open("a") as file:
            file.write("once\n")
    assert child.returncode == 1
    assert trace.read_text() == "once\n"
    assert "in the copy" in capfd.readouterr().err


@pytest.mark.parametrize("code", [0, 3])
def test_it_ends_with_the_code_it_says(code):
    assert ending_with(lambda: sys.exit(code)).returncode == code


def test_it_can_be_ended_and_is_buried_once():
    child = start_copy(signal.pause, environment={}, keep=[], death_signal=signal.SIGKILL)
    assert child.poll() is None
    assert process.end(child, signal.SIGTERM, seconds=20)
    assert child.poll() == child.wait() == -signal.SIGTERM
    child.kill()


def test_one_that_somebody_else_has_buried_has_ended():
    child = start_copy(lambda: None, environment={}, keep=[], death_signal=signal.SIGKILL)
    os.waitpid(child.pid, 0)
    assert child.poll() == 0


@pytest.mark.skipif(not kernel.IS_LINUX, reason="the kernel of a Mac does not tell of a parent's death")
def test_it_ends_with_its_parent(tmp_path):
    number = tmp_path / "number"

    def have_a_child() -> None:
        child = start_copy(signal.pause, environment={}, keep=[], death_signal=signal.SIGKILL)
        number.write_text(str(child.pid))

    ending_with(have_a_child)
    orphan = Path(f"/proc/{number.read_text()}/stat")
    assert process.wait_until(
        lambda: not orphan.exists() or orphan.read_text().rpartition(")")[2].split()[0] in "ZX", 20
    )
