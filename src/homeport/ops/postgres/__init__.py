"""PostgreSQL inside: the programs from a wheel, one data folder, a socket that only its owner can reach."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from homeport.ops.folder import DataFolder
from homeport.ops.postgres import sockets
from homeport.ops.postgres.server import Server
from homeport.ops.tenancy import COMMAND, SITE, OccupiedError, occupy

__all__ = ["Server", "running"]

PATIENCE_SECONDS = 10.0


@contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """Yield the address of the database of this data folder.

    The site's server is used when the site is up; else one is started, and stopped afterwards. Raises OccupiedError
    when another command does not give the folder back in time.
    """
    folder = DataFolder(data_dir)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            tenancy = occupy(folder, COMMAND)
            with tenancy:
                server = Server(folder)
                server.start()
                try:
                    yield server.uri
                finally:
                    server.stop()
                return
        except OccupiedError as error:
            found = error.tenant
            socket_folder = sockets.find_socket_folder(folder)
            if found is not None and found.purpose == SITE and socket_folder is not None:
                break
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    yield sockets.uri(socket_folder)
