"""Clears the way for a server where another one ran that lost its parent, or its life."""

import os
import signal
from pathlib import Path

from homeport.ops import files, process
from homeport.ops.postgres.sockets import SOCKET_NAME
from homeport.ops.process import ProcessId

PREDECESSOR_SECONDS = 20.0
# More than any system gives to a process.
NOBODYS_NUMBER = 2**22 + 1


def end_predecessor(cluster: Path, socket_folder: Path) -> None:
    """Wait for an orphaned server to end, and correct the notes of one that is dead.

    Whoever calls holds the data folder, so no server can belong to anybody else.
    """
    note = cluster / "postmaster.pid"
    number = _number_in(note)
    if number is not None and process.program_of(number).startswith("postgres"):
        _end(number)
    if number is not None and note.exists() and _is_in_use(number):
        # By another program, or by a dead server that nobody buries: PostgreSQL would take either for a live server.
        # The rest of the note stays, because it leads to the memory that its sessions may still use.
        rest = note.read_text(encoding="utf-8", errors="replace").partition("\n")[2]
        note.write_text(f"{NOBODYS_NUMBER}\n{rest}", encoding="utf-8")
    files.remove(socket_folder / f"{SOCKET_NAME}.lock")


def _number_in(note: Path) -> int | None:
    try:
        first_line = note.read_text(encoding="utf-8", errors="replace").partition("\n")[0]
    except FileNotFoundError:
        return None
    if first_line.isascii() and first_line.isdigit() and int(first_line) > 0:
        return int(first_line)
    # PostgreSQL refuses to start beside a note it cannot read, and a crash can leave an empty one.
    files.remove(note)
    return None


def _end(number: int) -> None:
    server = ProcessId.of(number)
    if server is not None:
        server.send(signal.SIGINT)
        if not server.wait(PREDECESSOR_SECONDS):
            server.send(signal.SIGQUIT)
            server.wait(PREDECESSOR_SECONDS)


def _is_in_use(number: int) -> bool:
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
