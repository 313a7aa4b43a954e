"""CPU time of PostgreSQL's processes, read from Linux; what else the machine does hardly changes it."""

import contextlib
from pathlib import Path

from sqlalchemy import text

from homeport.db.session import Database


def server_of(database: Database) -> int:
    """Return the number of the server's process, which is the parent of those that serve connections."""
    with database.reader() as connection:
        backend = connection.execute(text("select pg_backend_pid()")).scalar_one()
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])


def database_ms(server: int) -> float:
    """Return how long the server's processes for connections have been on a processor."""
    nanoseconds = 0
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        # One that cleans up may end while it is looked at; it is not counted anyway.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if b"[local]" in Path(f"/proc/{child}/cmdline").read_bytes():
                nanoseconds += int(Path(f"/proc/{child}/schedstat").read_text().split()[0])
    return nanoseconds / 1e6
