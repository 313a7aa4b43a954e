"""Makes the Python environment of this checkout and keeps it as the lock files say; standard library only."""

import fcntl
import hashlib
import importlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / ".homeport-unfinished"

RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"

PLATFORMS = "Homeport runs on Linux (glibc 2.28 or later; x86_64, aarch64) and on macOS 12 or later; this is {}."
NO_INSTALLER = (
    "Homeport installs its packages with pip or uv, and this machine has neither. "
    "Install one (Debian, Ubuntu: apt install python3-pip; Fedora: dnf install python3-pip) and run this again."
)


def run(*arguments: str) -> NoReturn:
    """Run the `homeport` command in the environment that the lock file describes."""
    # Compiling the site anew at each start takes longer than the start itself, whatever else this switch is good for.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    ensure(RUNTIME)
    if not _is_inside():
        os.execv(PYTHON, [str(PYTHON), "-P", "-m", "homeport", *arguments])
    # Starting another Python would cost what the site's start cannot spare. The path of this script goes, so that no
    # module of the site is looked for beside it.
    del sys.path[0]
    importlib.import_module("homeport.cli.main").main(arguments)
    raise AssertionError


def ensure(requirements: str) -> None:
    """Return once everything in the file is installed; at once when it already is."""
    if _is_current(requirements):
        return
    if _is_inside():
        # The environment cannot be replaced from within.
        outside = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
        os.execv(outside, [str(outside), *sys.argv])
    _refuse_platform()
    try:
        with _alone():
            if not _is_current(requirements):
                _set_up(requirements)
    except OSError as error:
        sys.exit(f"The environment in {VENV} could not be made: {error}.")


def _is_inside() -> bool:
    return Path(sys.prefix) == VENV


def _set_up(requirements: str) -> None:
    began = time.monotonic()
    say(f"Setting up the environment in {VENV} (only when packages have changed) ...")
    if UNFINISHED.exists() or not _works(PYTHON):
        shutil.rmtree(VENV, ignore_errors=True)
        _call([sys.executable, "-m", "venv", "--without-pip", VENV])
    UNFINISHED.touch()
    _install(requirements)
    _make_source_importable()
    _stamp(requirements).write_text(_fingerprint(requirements), encoding="utf-8")
    if requirements == DEVELOPMENT:
        # It holds all of the runtime's packages in the same versions: both are compiled from one declaration.
        _stamp(RUNTIME).write_text(_fingerprint(RUNTIME), encoding="utf-8")
    UNFINISHED.unlink()
    say(f"Ready after {time.monotonic() - began:.0f} s.")


def _is_current(requirements: str) -> bool:
    if UNFINISHED.exists():
        return False
    try:
        return _stamp(requirements).read_text(encoding="utf-8") == _fingerprint(requirements)
    except FileNotFoundError:
        return False


def _stamp(requirements: str) -> Path:
    return VENV / f".homeport-{requirements}"


def _fingerprint(requirements: str) -> str:
    """Return what changes with the lock file, the interpreter behind the environment, and the checkout's place."""
    content = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
    return f"{content}\n{PYTHON.resolve()}\n{ROOT}\n"


def _install(requirements: str) -> None:
    say(f"  installing the packages of {requirements} ...")
    target = ["--require-hashes", "--quiet", "-r", ROOT / requirements]
    if _works("uv"):
        _call(["uv", "pip", "install", "--python", PYTHON, "--compile-bytecode", *target])
        return
    pip = next((python for python in (sys.executable, "/usr/bin/python3") if _works(python, "-m", "pip")), None)
    if pip is not None:
        command = [pip, "-m", "pip", "--python", PYTHON]
    elif _works(PYTHON, "-m", "ensurepip"):
        _call([PYTHON, "-m", "ensurepip"])
        command = [PYTHON, "-m", "pip"]
    else:
        sys.exit(NO_INSTALLER)
    _call([*command, "--disable-pip-version-check", "install", "--no-input", "--root-user-action=ignore", *target])


def _make_source_importable() -> None:
    for packages in (VENV / "lib").glob("python3*/site-packages"):
        (packages / "homeport-source.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")


def _works(program: str | Path, *arguments: str) -> bool:
    """Say whether the program is there and runs at all."""
    try:
        return subprocess.run([program, *arguments, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _call(command: Sequence[str | Path]) -> None:
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"{result.stdout.strip()}\n\nThis failed: {' '.join(map(str, command))}")


@contextmanager
def _alone() -> Iterator[None]:
    """Let two first runs at the same moment do the work once."""
    with (ROOT / RUNTIME).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another process is setting up the environment; waiting for it ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _refuse_platform() -> None:
    # Asked only when the environment is made; every start would pay for the import.
    import platform  # noqa: PLC0415

    machine = f"{platform.system()} {platform.release()} on {platform.machine()}"
    if sys.platform == "linux":
        libc, version = platform.libc_ver()
        recent = libc == "glibc" and tuple(map(int, version.split(".")[:2])) >= (2, 28)
        machine = f"{machine} with {libc or 'another C library'} {version}".rstrip()
    elif sys.platform == "darwin":
        version = platform.mac_ver()[0]
        recent = int(version.split(".")[0] or 0) >= 12
        machine = f"macOS {version}"
    else:
        recent = False
    if not recent or platform.machine() not in ("x86_64", "aarch64", "arm64"):
        sys.exit(PLATFORMS.format(machine))


def say(line: str) -> None:
    """Tell the person at the terminal, without getting into the output of the command."""
    print(line, file=sys.stderr, flush=True)
