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


class Stillness:
    """Since when a process has been stopped, as by SIGSTOP: it neither runs nor ends, and nobody else would notice."""

    def __init__(self) -> None:
        self._since: float | None = None

    def is_too_long(self, now: float, *, is_stopped: bool) -> bool:
        """Take in what is seen of the process, and say whether it was stopped longer than anybody has reason to."""
        if not is_stopped:
            self._since = None
        elif self._since is None:
            self._since = now
        return self._since is not None and now - self._since > LONGEST_STOP_SECONDS


class PostgresService:
    """The database that lives in the data folder."""

    name = "PostgreSQL"

    def __init__(self, server: Server) -> None:
        self.server = server
        self._stillness = Stillness()
        self._stands_still = False

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
        self._stands_still = self._stillness.is_too_long(now, is_stopped=self.server.is_stopped())
        return "stands still" if self._stands_still else ""

    def kill(self) -> None:
        """End a first process that stands still; the others see that it has gone, and go too."""
        if self._stands_still:
            self._stands_still = False
            self._stillness = Stillness()
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
