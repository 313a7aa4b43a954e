"""What the supervisor looks after: each service can be started, looked at, killed and ended in peace."""

import signal
import subprocess
from typing import Protocol

from homeport.ops.postgres.server import Server


class Service(Protocol):
    """One thing that must run as long as the site does."""

    @property
    def name(self) -> str:
        """What people call it."""

    def start(self) -> None:
        """Start it; raises UnavailableError when that fails at once."""

    def fault(self, now: float) -> str:
        """Return why it has to be started again; empty while all is well."""

    def kill(self) -> None:
        """End what is left of it, at once."""

    def stop(self) -> None:
        """End it in peace."""


class PostgresService:
    """The database that lives in the data folder."""

    name = "PostgreSQL"

    def __init__(self, server: Server) -> None:
        self.server = server

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self.server.start()

    def fault(self, now: float) -> str:  # noqa: ARG002 - the database needs no clock to be seen dead
        """Look whether it still runs."""
        child = self.server.process
        if child is None or child.poll() is None:
            return ""
        return how_it_ended(child)

    def kill(self) -> None:
        """Nothing is left when its first process has gone: the others see it and go too."""

    def stop(self) -> None:
        """Shut it down."""
        self.server.stop()


def how_it_ended(child: subprocess.Popen[bytes]) -> str:
    """Return the end of a sentence about a child that has ended."""
    code = child.returncode
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
