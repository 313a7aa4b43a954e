"""The Docker engine of a test run: one that is there, or one that is started for it and ended with it."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import pytest

from homeport.ops import process
from homeport.ops.process import ProcessId

PID_FILE = Path("/var/run/docker.pid")
PID_FILES = (PID_FILE, Path("/var/run/docker/containerd/containerd.pid"))
CONTAINERD = "containerd"
START_SECONDS = 60
DISPOSABLE = "STACK_ENGINE"
"""Set to `disposable` by whoever has started an engine for this run alone: the tests may kill it."""


class Engine:
    """An engine that answers."""

    def __init__(self, *, is_ours: bool, log: Path) -> None:
        self.is_ours = is_ours
        self._log = log
        self._child: subprocess.Popen[bytes] | None = None

    def require_ours(self) -> None:
        """Skip the test unless this engine may be killed."""
        if not self.is_ours:
            pytest.skip("the engine is not this run's to kill; STACK_ENGINE=disposable says that it is")

    def start(self) -> None:
        """Start a daemon and wait until it answers."""
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(["dockerd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        assert process.wait_until(answers, START_SECONDS), self._log.read_text()[-2000:]

    def kill(self) -> None:
        """Kill the daemon, and the one below it, as a host does that loses power; raises when it is somebody else's."""
        assert self.is_ours
        daemon = ProcessId.of(int(PID_FILE.read_text()))
        assert daemon is not None
        for victim in (daemon, *_children(daemon, CONTAINERD)):
            victim.send(signal.SIGKILL)
        if self._child is not None:
            self._child.wait(20)
        # After a loss of power they would be gone; as they are, their numbers may be somebody else's by now.
        for path in PID_FILES:
            path.unlink(missing_ok=True)

    def stop(self) -> None:
        """End what this run has started."""
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
            self._child.wait(60)


@contextmanager
def running_engine(log: Path) -> Iterator[Engine]:
    """Yield an engine with Compose; where there can be none, skip the test, or fail it with CI=true."""
    has_one = answers()
    if not has_one and (os.geteuid() != 0 or shutil.which("dockerd") is None):
        give_up("there is no Docker engine, and none can be started here")
    engine = Engine(is_ours=not has_one or os.environ.get(DISPOSABLE) == "disposable", log=log)
    try:
        if not has_one:
            engine.start()
        if not re.match(r"v?(2\.(2[4-9]|[3-9]\d)|[3-9]|\d\d)", _say("docker", "compose", "version", "--short")):
            give_up("Docker Compose 2.24 or later is not installed")
        yield engine
    finally:
        engine.stop()


def have_image(name: str) -> None:
    """Make sure that the image is here; where it cannot be had, skip the test, or fail it with CI=true."""
    for command in (["image", "inspect", name], ["pull", "--quiet", name]):
        if subprocess.run(["docker", *command], capture_output=True, check=False).returncode == 0:
            return
    give_up(f"the image {name} is not here and cannot be pulled")


def give_up(reason: str) -> NoReturn:
    """Skip; where everything has to be tested, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def answers() -> bool:
    """Say whether there is an engine."""
    return bool(_say("docker", "info", "--format", "{{.ServerVersion}}"))


def _say(*command: str) -> str:
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return ""
    return result.stdout.strip() if result.returncode == 0 else ""


def _children(parent: ProcessId, program: str) -> Iterator[ProcessId]:
    for path in Path(f"/proc/{parent.number}/task").glob("*/children"):
        with suppress(FileNotFoundError):
            for number in path.read_text().split():
                child = ProcessId.of(int(number))
                if child is not None and process.program_of(child.number) == program:
                    yield child
