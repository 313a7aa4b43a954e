"""PostgreSQL inside: the programs from a wheel, one data folder, a socket that only its owner can reach."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from homeport.errors import UnavailableError
from homeport.ops import process
from homeport.ops.folder import DataFolder
from homeport.ops.postgres import sockets
from homeport.ops.postgres.server import START_SECONDS, Server, is_ready
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
    with ExitStack() as stack:
        if _occupy(stack, folder):
            server = Server(folder)
            stack.callback(server.stop)
            server.start()
            yield server.uri
        else:
            yield _uri_of_site(folder)


def _occupy(stack: ExitStack, folder: DataFolder) -> bool:
    """Hold the folder until the stack ends; return False when the site has it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            stack.enter_context(occupy(folder, COMMAND))
        except OccupiedError as error:
            if error.tenant is not None and error.tenant.purpose == SITE:
                return False
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return True


def _uri_of_site(folder: DataFolder) -> str:
    """Return the address of the server that the site runs, once it takes connections."""
    if process.wait_until(lambda: is_ready(folder.cluster), START_SECONDS):
        socket_folder = sockets.find_socket_folder(folder)
        if socket_folder is not None:
            return sockets.uri(socket_folder)
    raise UnavailableError(
        "the site runs, but not its own database",
        hint="If the site was started with DB_URI, give this command the same.",
    )
