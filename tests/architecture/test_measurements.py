"""Every figure comes from a command that anybody can run, and that one command says which there are."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEASUREMENTS = sorted(path for path in (ROOT / "bench").glob("*.py") if "__main__" in path.read_text())


def ask(*arguments):
    command = [sys.executable, ROOT / "bin/bench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_all_are_listed_with_what_they_measure():
    listed = dict(line.removeprefix("bin/bench ").split(maxsplit=1) for line in ask().stdout.splitlines())
    assert sorted(listed) == [path.stem for path in MEASUREMENTS]
    assert [about for about in listed.values() if not about.endswith(".")] == []


def test_what_there_is_not_is_answered_with_what_there_is():
    answer = ask("nonsense")
    assert answer.returncode == 2
    assert answer.stdout == ask().stdout


@pytest.mark.parametrize("path", MEASUREMENTS, ids=lambda path: path.stem)
def test_one_tells_how_to_run_it_and_can_be_run(path):
    assert f"`bin/bench {path.stem}" in path.read_text()
    assert path.stat().st_mode & 0o111
