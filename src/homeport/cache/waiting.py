"""The connections of a worker that wait in the poller: for their client, or for their end."""

# Gunicorn has no annotations.
# mypy: allow-untyped-calls

import time
from collections.abc import Callable, Iterator
from selectors import EVENT_READ

from homeport.cache.connection import PatientConnection
from homeport.cache.poller import Poller

# So long a connection may try to say something before it has to make room for others.
TRY_SECONDS = 0.3


class Waiting:
    """Each has a deadline, and something that is to be done when its client moves."""

    def __init__(self, poller: Poller, on_drop: Callable[[], object]) -> None:
        self._poller = poller
        self._on_drop = on_drop
        self._waiting: dict[PatientConnection, None] = {}

    def __iter__(self) -> Iterator[PatientConnection]:
        return iter(self._waiting)

    def add(
        self,
        conn: PatientConnection,
        seconds: float,
        go_on: Callable[[PatientConnection], object],
        event: int = EVENT_READ,
    ) -> None:
        """Go on when this client moves; it has so many seconds."""
        conn.deadline = time.monotonic() + seconds
        self._waiting[conn] = None
        self._poller.register(conn.sock, event, go_on, conn)

    def forget(self, conn: PatientConnection) -> None:
        """Wait for this client no more."""
        del self._waiting[conn]
        self._poller.unregister(conn.sock)

    def drop(self, conn: PatientConnection) -> None:
        """Close a connection, be it one that waits or not."""
        if conn in self._waiting:
            self.forget(conn)
        self._on_drop()
        conn.close()

    def drop_stalest(self) -> None:
        """Close the one that has moved nothing for the longest time; who has just begun may first try."""
        begun = time.monotonic() - TRY_SECONDS
        tried = [conn for conn in self._waiting if conn.delivery_began < begun]
        if self._waiting:
            self.drop(min(tried or self._waiting, key=lambda conn: conn.moved_at))

    def late(self) -> list[PatientConnection]:
        """Return those whose time is over."""
        now = time.monotonic()
        return [conn for conn in self._waiting if conn.deadline <= now]

    def hurry(self, deadline: float) -> None:
        """Wait no longer than this for requests to begin."""
        for conn in self._waiting:
            if not conn.sock.outgoing:
                conn.deadline = min(conn.deadline, deadline)
