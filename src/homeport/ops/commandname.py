"""What people type to reach this command line: its name where it is installed, in a checkout the script in `bin`."""

import re
import sys
from pathlib import Path

INSTALLED = "homeport"
STARTED_BY_SCRIPT = (("bin", "_python.py"), ("homeport", "__main__.py"))
"""What Python runs, folder and file, when somebody has typed the name: at the first start and at all others."""

_IN_SENTENCE = re.compile(r"(?<=`)homeport(?=[ `])")
_IN_EXAMPLE = re.compile(r"(?<![\w/.-])homeport(?= )")


def typed() -> str:
    """Return what this was started by, as it can be typed again from here."""
    started = Path(sys.argv[0])
    script = Path(__file__).parents[3] / "bin" / INSTALLED
    if (started.absolute().parent.name, started.name) not in STARTED_BY_SCRIPT or not script.exists():
        return INSTALLED
    return f"bin/{INSTALLED}" if _is_here(script.parents[1]) else str(script)


def as_typed(sentence: str) -> str:
    """Return a sentence whose commands, between backticks, can be typed as they stand."""
    return _IN_SENTENCE.sub(typed(), sentence)


def example_as_typed(example: str) -> str:
    """Return a line of example, in which commands have no backticks, as it can be typed."""
    return _IN_EXAMPLE.sub(typed(), example)


def _is_here(folder: Path) -> bool:
    try:
        return Path.cwd() == folder
    except FileNotFoundError:
        return False
