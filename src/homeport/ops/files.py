"""Files that are either there in full or not at all."""

import contextlib
import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Put the text into the file so that a reader, or a crash, never meets half of it."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, mode)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        Path(name).replace(path)
    except BaseException:
        remove(Path(name))
        raise


def remove(path: Path) -> None:
    """Delete the file if it is there."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
