"""The site as an ordinary user of the system, tried by root in that user's place."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import homeport
from homeport.ops.folder import DataFolder
from tests.stack.conftest import Stack

NOBODY = 65534

pytestmark = [pytest.mark.stack, pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")]


def can_run(program: str) -> bool:
    """Say whether the ordinary user can start this program."""
    try:
        tried = subprocess.run([program, "--version"], check=False, capture_output=True, user=NOBODY, group=NOBODY)
    except OSError:
        return False
    return tried.returncode == 0


def interpreter() -> str:
    """Return a Python like ours that the ordinary user may run."""
    minor = f"python3.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/{minor}", f"/usr/local/bin/{minor}"):
        if can_run(candidate):
            return candidate
    pytest.skip(f"no {minor} that an ordinary user can run")


class OrdinaryStack(Stack):
    """An installation whose commands run as an ordinary user."""

    def command(self, *arguments: str) -> list[str]:
        return [interpreter(), *super().command(*arguments)[1:]]

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
            env=self.surroundings(**environment),
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
        )


@pytest.fixture
def stack(stack: Stack) -> Iterator[Stack]:
    """An installation in a folder that belongs to the ordinary user."""
    home = Path(tempfile.mkdtemp(prefix="homeport-test-"))
    os.chown(home, NOBODY, NOBODY)
    sources = Path(homeport.__file__).parent.parent
    packages = sysconfig.get_path("purelib")
    if not all(os.access(path, os.R_OK) and path.stat().st_mode & 0o005 for path in (sources, Path(packages))):
        pytest.skip("the checkout is not open to other users")
    ordinary = OrdinaryStack(
        DataFolder(home / "data"), stack.port, {"HOME": str(home), "PYTHONPATH": f"{sources}:{packages}"}
    )
    yield ordinary
    ordinary.run("down")
    shutil.rmtree(home)


def test_it_runs_recovers_and_ends_as_for_anyone(stack):
    started = stack.up()
    assert started.returncode == 0, started.stderr
    assert {Path(f"/proc/{each.number}").stat().st_uid for each in (stack.supervisor(), stack.database())} == {NOBODY}
    assert stack.folder.cluster.stat().st_uid == NOBODY
    stack.supervisor().send(signal.SIGKILL)
    assert stack.up().returncode == 0
    assert stack.is_ready()
    assert stack.run("down").returncode == 0


def test_roots_commands_work_on_an_ordinary_users_folder(stack):
    assert stack.up().returncode == 0
    assert stack.run("down").returncode == 0
    as_root = Stack(stack.folder, stack.port)
    assert as_root.run("migrate").returncode == 0
    assert stack.up().returncode == 0
