"""Files that are either there in full or not at all."""

import contextlib
import os
from pathlib import Path


def write_atomically(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Put the text into the file so that a reader, or a crash, never meets half of it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    remove(unfinished)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        remove(unfinished)
        raise


def remove(path: Path) -> None:
    """Delete the file if it is there."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
