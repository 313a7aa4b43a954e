import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from homeport.ops import process
from homeport.ops.process import ProcessId

SLEEP = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
)


def read_line(child: "subprocess.Popen[bytes]", reading: int) -> bytes:
    with os.fdopen(reading, "rb") as output:
        return output.readline()


def start_and_wait(arguments: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    reading, writing = os.pipe()
    child = process.start(arguments, output=writing)
    os.close(writing)
    assert read_line(child, reading) == b"up\n"
    return child


class TestProcessId:
    def test_a_running_process_is_alive(self):
        me = ProcessId.of(os.getpid())
        assert me is not None
        assert me.is_alive()

    def test_a_process_that_has_ended_is_not_even_before_its_parent_knows(self):
        child = start_and_wait(SLEEP)
        identity = ProcessId.of(child.pid)
        assert identity is not None
        os.kill(child.pid, signal.SIGKILL)
        assert identity.wait(5)
        assert ProcessId.of(child.pid) is None
        child.wait()

    def test_another_process_with_the_same_number_is_not_the_same(self):
        successor = ProcessId(os.getpid(), "an earlier start")
        assert not successor.is_alive()
        assert successor.has_successor()

    def test_a_successor_gets_no_signal(self):
        ProcessId(os.getpid(), "an earlier start").send(signal.SIGKILL)

    def test_nobody_has_an_unused_number(self):
        assert ProcessId.of(2**22 + 1) is None
        assert not ProcessId(2**22 + 1, "whenever").has_successor()


class TestStart:
    def test_the_child_leads_a_session_of_its_own(self):
        child = start_and_wait(SLEEP)
        assert os.getsid(child.pid) == child.pid
        process.end(child, signal.SIGKILL, seconds=5)

    def test_the_child_inherits_only_what_it_is_given(self):
        given, kept = os.pipe()
        look = "import os, sys; os.fstat(int(sys.argv[1])); os.write(int(sys.argv[1]), b'seen')"
        child = process.start((sys.executable, "-c", look, str(kept)), keep=(kept,))
        assert child.wait() == 0
        assert os.read(given, 10) == b"seen"
        other = process.start((sys.executable, "-c", look, str(kept)), output=subprocess.DEVNULL)
        assert other.wait() != 0
        os.close(given)
        os.close(kept)

    @pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the child watches its parent itself")
    def test_the_child_ends_when_its_parent_is_killed(self, program):
        parent = program(
            """
            import signal, sys, time
            from homeport.ops import process
            child = process.start([sys.executable, "-c", "import time; time.sleep(60)"], death_signal=signal.SIGTERM)
            print(child.pid, flush=True)
            time.sleep(60)
            """
        )
        child = ProcessId.of(int(parent.stdout.readline()))
        assert child is not None
        parent.kill()
        assert child.wait(5)


class TestEnd:
    def test_it_is_enough_to_ask_a_process_that_listens(self):
        assert process.end(start_and_wait(SLEEP), signal.SIGTERM, seconds=10)

    def test_one_that_does_not_listen_is_killed(self):
        child = start_and_wait(STUBBORN)
        assert not process.end(child, signal.SIGTERM, seconds=0.1)
        assert child.returncode == -signal.SIGKILL


def test_a_group_is_killed_although_its_leader_has_gone(program):
    leader = program(
        """
        import os, subprocess, sys
        os.setsid()
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        print(child.pid, flush=True)
        """
    )
    child = ProcessId.of(int(leader.stdout.readline()))
    assert child is not None
    leader.wait()
    process.kill_group(leader.pid)
    assert child.wait(5)


def test_killing_a_group_that_is_gone_is_fine():
    process.kill_group(2**22 + 1)


def test_the_program_of_a_process_is_its_file_name():
    assert process.program_of(os.getpid()).startswith(Path(sys.executable).name[:6])
    assert process.program_of(2**22 + 1) == ""
