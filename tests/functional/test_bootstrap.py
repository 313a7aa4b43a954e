"""The bootstrap, on a checkout whose lock file names nothing, so that no test needs the network."""

import importlib.util
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
MAIN = """
import sys

def main(arguments):
    print(sys.prefix, *arguments)
    sys.exit(0)
"""


ENTRY = """
import sys
from homeport.cli.main import main

main(sys.argv[1:])
"""


class Checkout:
    """A checkout that can be started."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *arguments: str, command: str = "homeport") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.root / "bin" / command, *arguments], capture_output=True, text=True, check=False, timeout=100
        )

    @property
    def venv(self) -> Path:
        return self.root / ".venv"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root = tmp_path / "check out"
    shutil.copytree(ROOT / "bin", root / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "requirements.txt").write_text("# nothing\n")
    (root / "src" / "homeport" / "cli").mkdir(parents=True)
    (root / "src" / "homeport" / "cli" / "main.py").write_text(MAIN)
    (root / "src" / "homeport" / "__main__.py").write_text(
        "import sys\nfrom homeport.cli.main import main\nmain(sys.argv[1:])\n"
    )
    return Checkout(root)


def test_the_first_run_makes_the_environment_and_the_second_uses_it(checkout):
    first = checkout.run("status", "--json")
    assert first.stdout == f"{checkout.venv} status --json\n", first.stderr
    assert "Setting up" in first.stderr
    second = checkout.run("status")
    assert second.stdout == f"{checkout.venv} status\n"
    assert second.stderr == ""


def test_up_is_a_command_like_the_others(checkout):
    assert checkout.run("--port", "8000", command="up").stdout == f"{checkout.venv} up --port 8000\n"


def test_it_may_be_started_through_a_link_and_from_anywhere(checkout, tmp_path):
    (tmp_path / "link").symlink_to(checkout.root / "bin" / "up")
    started = subprocess.run([tmp_path / "link"], capture_output=True, text=True, check=False, cwd="/")
    assert started.stdout == f"{checkout.venv} up\n"


def test_a_changed_lock_file_is_installed(checkout):
    checkout.run()
    (checkout.root / "requirements.txt").write_text("# nothing else\n")
    assert "installing" in checkout.run().stderr
    assert checkout.run().stderr == ""


def test_an_installation_that_was_cut_short_is_made_anew(checkout):
    checkout.run()
    (checkout.venv / ".homeport-unfinished").touch()
    (checkout.venv / "half").touch()
    assert "Setting up" in checkout.run().stderr
    assert not (checkout.venv / "half").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(checkout):
    checkout.run()
    (checkout.venv / "bin" / "python").unlink()
    again = checkout.run("status")
    assert again.stdout == f"{checkout.venv} status\n", again.stderr


def test_a_checkout_that_was_moved_finds_its_own_source(checkout, tmp_path):
    checkout.run()
    moved = Checkout(checkout.root.rename(tmp_path / "moved"))
    assert moved.run("status").stdout == f"{moved.venv} status\n"


def test_two_first_runs_at_the_same_moment_do_the_work_once(checkout):
    runs = [
        subprocess.Popen(
            [checkout.root / "bin" / "homeport", "status"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = [run.communicate(timeout=100) for run in runs]
    assert [out for out, _ in said] == [f"{checkout.venv} status\n"] * 3, said
    assert sum("installing" in err for _, err in said) == 1


def test_what_the_installer_says_is_shown_when_it_fails(checkout):
    (checkout.root / "requirements.txt").write_text("click\n")
    failed = checkout.run()
    assert failed.returncode == 1
    assert "hash" in failed.stderr.lower()
    assert "This failed:" in failed.stderr


class TestPlatforms:
    @pytest.fixture
    def environment(self, monkeypatch) -> ModuleType:
        spec = importlib.util.spec_from_file_location("tried_environment", ROOT / "bin" / "_environment.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    @pytest.mark.parametrize(
        ("libc", "machine"),
        [
            (("", ""), "x86_64"),
            (("musl", "1.2.5"), "x86_64"),
            (("glibc", "2.17"), "x86_64"),
            (("glibc", "2.36"), "i686"),
        ],
    )
    def test_an_unsupported_linux_is_told_in_one_sentence(self, environment, monkeypatch, libc, machine):
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setattr(platform, "libc_ver", lambda: libc)
        monkeypatch.setattr(platform, "machine", lambda: machine)
        with pytest.raises(SystemExit, match=r"^Homeport runs on Linux \(glibc"):
            environment._refuse_platform()

    @pytest.mark.parametrize(("version", "is_supported"), [("11.7.10", False), ("12.0", True), ("26.1", True)])
    def test_macos_needs_12(self, environment, monkeypatch, version, is_supported):
        monkeypatch.setattr(sys, "platform", "darwin")
        monkeypatch.setattr(platform, "mac_ver", lambda: (version, ("", "", ""), "arm64"))
        monkeypatch.setattr(platform, "machine", lambda: "arm64")
        if is_supported:
            environment._refuse_platform()
        else:
            with pytest.raises(SystemExit, match="macOS 12 or later"):
                environment._refuse_platform()


@pytest.mark.parametrize("old", ["2.7", "3.6", "3.10"])
def test_an_old_python_says_what_is_missing_or_hands_over_to_a_newer_one(checkout, old):
    kept = [*Path.home().glob(f".pyenv/versions/{old}*/bin/python{old}"), Path(f"/usr/bin/python{old}")]
    path = next((candidate for candidate in kept if candidate.exists()), None)
    if path is None:
        pytest.skip(f"there is no Python {old}")
    tried = subprocess.run(
        [path, checkout.root / "bin" / "_python.py", "status"], capture_output=True, text=True, check=False
    )
    assert tried.stdout == f"{checkout.venv} status\n" or "Homeport needs Python 3.11" in tried.stderr
    assert "SyntaxError" not in tried.stderr
