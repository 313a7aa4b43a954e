"""Keeps log files from filling the disk."""

import shutil
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

LONGEST_BYTES = 5 * 1024 * 1024
FOLLOW_SECONDS = 0.2


def trim(path: Path, *, longest_bytes: int = LONGEST_BYTES) -> bool:
    """Move what a file holds into `<name>.1`, replacing what is there, once it is too long; say whether it was.

    The file itself is emptied, not renamed: its writers keep it open, and append. What they write while it is copied
    may be lost.
    """
    if not path.exists() or path.stat().st_size <= longest_bytes:
        return False
    shutil.copyfile(path, path.with_name(f"{path.name}.1"))
    with path.open("r+b") as file:
        file.truncate(0)
    return True


def last_lines(path: Path, count: int) -> list[str]:
    """Return the end of a text file; nothing when there is no file."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip("\n") for line in deque(file, maxlen=count)]
    except FileNotFoundError:
        return []


def follow(path: Path) -> Iterator[str]:
    """Yield what is written to the file from now on, for ever; begins anew when the file is emptied."""
    position = path.stat().st_size if path.exists() else 0
    while True:
        size = path.stat().st_size if path.exists() else 0
        if size < position:
            position = 0
        if size > position:
            with path.open(encoding="utf-8", errors="replace") as file:
                file.seek(position)
                yield file.read()
                position = file.tell()
        time.sleep(FOLLOW_SECONDS)
