"""The moment at which one data folder takes the place of another: a kill in the middle of it is made good later."""

import os
import shutil
from pathlib import Path

from homeport.ops.folder import DataFolder

SUCCESSOR = "upgrade"
READY = "ready"


def folder_of_successor(folder: DataFolder) -> Path:
    """Return where the successor is made, on the same disk."""
    return folder.root / SUCCESSOR


def mark_ready(successor: DataFolder) -> None:
    """Note that the successor is complete: from now on it may take the place, once that is free."""
    with (successor.root / READY).open("wb") as file:
        os.fsync(file.fileno())
    _sync(successor.root)


def complete_exchange(folder: DataFolder) -> None:
    """Put a complete successor into the place of what was moved out of it; nothing to do at nearly every start.

    One whose place was never free is thrown away: what it is a copy of may have been written to since.
    """
    successor = DataFolder(folder_of_successor(folder))
    if not (successor.root / READY).exists():
        return
    if not folder.cluster.exists():
        successor.cluster.rename(folder.cluster)
        _sync(folder.root)
    shutil.rmtree(successor.root, ignore_errors=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
