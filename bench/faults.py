#!/usr/bin/env python3
"""What faults and deploys cost on real containers: long outages, long series, and the tables of them.

Run it with `bin/bench faults`; it needs what `bin/test -m stack` needs, and takes half an hour. It runs the tests of
healing and of deploys with other durations, and they write docs/faults.md and docs/deploys.md; a fault that is not
measured keeps its row. With `--everything` every fault is tried in all three ways of running a site, and the engine is
killed if STACK_ENGINE=disposable says that it may be.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONTAINERS = "tests/stack/containers"
DEPLOYS = f"{CONTAINERS}/test_deploy.py"
HEALING = f"{CONTAINERS}/test_healing.py"
EVERYTHING = (HEALING, *(f"{CONTAINERS}/test_{name}.py" for name in ("clock", "shapes", "reboot")))


def main() -> int:
    """Measure, and return the exit code of the tests."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outage", type=float, default=600.0, metavar="SECONDS", help="how long the database is away")
    parser.add_argument("--deploys", type=int, default=10, metavar="NUMBER", help="how many in a row; 0: none")
    parser.add_argument("--everything", action="store_true", help="try every fault, in all ways of running a site")
    parser.add_argument("--into", type=Path, default=ROOT / "docs", metavar="FOLDER", help="where the tables are")
    given = parser.parse_args()
    environment = {
        **os.environ,
        "OUTAGE_SECONDS": f"{given.outage:g}",
        "DEPLOYS": str(given.deploys),
        "FAULT_TABLE": str(given.into.resolve() / "faults.md"),
        "DEPLOY_TABLE": str(given.into.resolve() / "deploys.md"),
    }
    tests = EVERYTHING if given.everything else (f"{HEALING}::{outage()}",)
    tests += (DEPLOYS,) if given.deploys else ()
    command = [sys.executable, "-m", "pytest", "-v", "--durations=0", *tests]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def outage() -> str:
    """Return the test in which the database is away."""
    return "test_it_comes_back_in_time_with_every_word_that_was_kept[the database is away]"


if __name__ == "__main__":
    sys.exit(main())
