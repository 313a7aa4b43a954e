import subprocess
import sys
from pathlib import Path

import pytest

from homeport.ops.metrics import memory
from homeport.ops.metrics.memory import memory_of

linux = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the kernel of Linux tells of memory")
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"


@linux
def test_what_the_supervisor_runs_is_counted_and_other_programs_are_not():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        parent.stdout.readline()
        sizes = memory_of(parent.pid)
        assert sizes["supervisor"] > 1_000_000
        assert sizes["site"] > 1_000_000
        assert memory_of(stranger.pid).keys() == {"supervisor", "metrics"}
    finally:
        parent.communicate(b"\n")
        stranger.kill()
        stranger.wait()


def test_a_kernel_that_tells_nothing_is_told_of_as_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "PROC", tmp_path)
    assert memory_of(1) == {}
