"""Clears the way for a server where another one ran that lost its parent."""

import signal
from pathlib import Path

from homeport.ops import files, process
from homeport.ops.process import ProcessId

PREDECESSOR_SECONDS = 20.0


def end_predecessor(cluster: Path) -> None:
    """Wait for a server that has lost its parent to end, or clear away the note of one that is long gone.

    Nobody else can be its parent: we hold the data folder.
    """
    note = cluster / "postmaster.pid"
    try:
        first_line = note.read_text(encoding="utf-8", errors="replace").partition("\n")[0]
    except FileNotFoundError:
        return
    predecessor = ProcessId.of(int(first_line)) if first_line.isdigit() else None
    if predecessor is not None and process.program_of(predecessor.number).startswith("postgres"):
        predecessor.send(signal.SIGINT)
        if not predecessor.wait(PREDECESSOR_SECONDS):
            predecessor.send(signal.SIGQUIT)
            predecessor.wait(PREDECESSOR_SECONDS)
    else:
        # Its number now belongs to another program, which PostgreSQL would take for the old server.
        files.remove(note)
