"""What `bin/test` does: tools, style, types, import contract, tests; and an honest last line."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import _environment
from _environment import PYTHON, ROOT, VENV, say

NO_TEST_RAN = 5
# Each process begins with tests that stand together, and so makes what a module shares once; it helps the other at the
# end.
SIDE_BY_SIDE = ("-n", "auto", "--dist", "worksteal")
QUICK = "not stack and not browser"
SLOW = "stack or browser"


@dataclass(frozen=True)
class Tool:
    """A program that some tests need, and the Debian package it comes in."""

    programs: tuple[str, ...]
    package: str
    marker: str

    @property
    def is_there(self) -> bool:
        """Say whether one of the programs is on the PATH."""
        return any(map(shutil.which, self.programs))


TOOLS = (
    Tool(("chromium", "chromium-browser", "google-chrome"), "chromium", "browser"),
    Tool(("java",), "default-jre-headless", "browser"),
    Tool(("npm",), "npm", "browser"),
    Tool(("dockerd", "docker"), "docker.io", "stack"),
    Tool(("iptables",), "iptables", "stack"),
    Tool(("nginx",), "nginx-light", "stack"),
    Tool(("certbot",), "certbot", "stack"),
    Tool(("pebble",), "pebble", "stack"),
    # An older one than ours, which an upgrade can begin with.
    Tool(("pg_ctlcluster",), "postgresql", "stack"),
)

STATIC_CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("style", ("ruff", "check", "--quiet", ".")),
    ("format", ("ruff", "format", "--check", "--quiet", ".")),
    ("types", ("mypy",)),
    ("import contract", ("lint-imports", "--no-cache")),
)


def run(arguments: Sequence[str]) -> int:
    """Run the checks and return the exit code; with CI=true a missing tool is a failure."""
    os.chdir(ROOT)
    # Rewriting the asserts of four hundred modules anew takes each process longer than importing them.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    _environment.ensure(_environment.DEVELOPMENT)
    missing = _missing_tools(arguments)
    failed = [] if _names_tests(arguments) else _check_statically()
    failed += _run_tests(arguments)
    if missing and os.environ.get("CI") == "true":
        failed.append(f"missing: {', '.join(missing)}")
    return _conclude(failed, missing)


def _check_statically() -> list[str]:
    failed = []
    for name, command in STATIC_CHECKS:
        began = time.monotonic()
        result = subprocess.run([VENV / "bin" / command[0], *command[1:]], check=False, capture_output=True, text=True)
        say(f"{name}: {'fine' if result.returncode == 0 else 'FAILED'} ({time.monotonic() - began:.0f} s)")
        if result.returncode != 0:
            say(result.stdout + result.stderr)
            failed.append(name)
    return failed


def _run_tests(arguments: Sequence[str]) -> list[str]:
    """Run the tests as asked; without arguments the quick ones side by side first, then whole processes one by one."""
    if arguments:
        return _pytest("tests", [*(SIDE_BY_SIDE if _may_be_parallel(arguments) else ()), *arguments])
    return [
        *_pytest("tests", [*SIDE_BY_SIDE, "-m", QUICK]),
        *_pytest("slow tests", ["-m", SLOW]),
    ]


def _may_be_parallel(arguments: Sequence[str]) -> bool:
    """Say whether nobody has decided otherwise, and no test wants the machine's engine and ports for itself."""
    is_decided = any(argument.startswith(("-n", "-x", "--pdb")) for argument in arguments)
    return not is_decided and "stack" not in " ".join(arguments).replace("not stack", "")


def _pytest(name: str, arguments: Sequence[str]) -> list[str]:
    code = subprocess.run([PYTHON, "-m", "pytest", "-q", *arguments], check=False).returncode
    if code == NO_TEST_RAN:
        say("No test matches these arguments.")
    return [] if code == 0 else [name]


def _names_tests(arguments: Sequence[str]) -> bool:
    return any(not argument.startswith("-") and (ROOT / argument.partition("::")[0]).exists() for argument in arguments)


def _missing_tools(arguments: Sequence[str]) -> list[str]:
    """Install through apt what is missing and may be installed; return what is still missing."""
    wanted = [tool for tool in TOOLS if f"not {tool.marker}" not in " ".join(arguments) and not tool.is_there]
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        _install([tool.package for tool in wanted])
    return [tool.package for tool in wanted if not tool.is_there]


def _install(packages: Sequence[str]) -> None:
    say(f"Installing {', '.join(packages)} ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = Path(VENV / "apt.log")
    with log.open("ab") as output:
        for command in (
            ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", "update"],
            ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", "install", "-y", "--no-install-recommends", *packages],
        ):
            subprocess.run(command, check=False, env=environment, stdout=output, stderr=subprocess.STDOUT)


def _conclude(failed: Sequence[str], missing: Sequence[str]) -> int:
    sys.stdout.flush()
    without = f" Not run, because it is not installed: what needs {', '.join(missing)}." if missing else ""
    if failed:
        print(f"Failed: {', '.join(failed)}.{without}")
        return 1
    print(f"All checks passed.{without}")
    return 0
