"""What the supervisor looks after: each service can be started, looked at, killed and ended in peace."""

import signal
from typing import Protocol

from homeport.errors import UnavailableError
from homeport.ops.postgres.server import Server
from homeport.ops.process import Child

# A debugger or a snapshot may hold the database for a moment.
LONGEST_STOP_SECONDS = 5.0


class Service(Protocol):
    """One thing that must run as long as the site does."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def child(self) -> Child | None:
        """Its process, which nobody but the service itself buries."""

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
        self._stopped_at: float | None = None

    @property
    def child(self) -> Child | None:
        """Its first process."""
        return self.server.process

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        try:
            self.server.start()
        except OSError as error:
            raise UnavailableError(f"cannot start: {error}") from error

    def fault(self, now: float) -> str:
        """Look whether it still runs, and does not stand still."""
        child = self.server.process
        if child is None:
            return ""
        if child.poll() is not None:
            return how_it_ended(child)
        if not self.server.is_stopped():
            self._stopped_at = None
        elif self._stopped_at is None:
            self._stopped_at = now
        elif now - self._stopped_at > LONGEST_STOP_SECONDS:
            return "stands still"
        return ""

    def kill(self) -> None:
        """End a first process that stands still; the others see that it has gone, and go too."""
        if self._stopped_at is not None:
            self._stopped_at = None
            self.server.kill()

    def stop(self) -> None:
        """Shut it down."""
        self.server.stop()


def how_it_ended(child: Child) -> str:
    """Return the end of a sentence about a child that has ended."""
    code = child.returncode or 0
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
