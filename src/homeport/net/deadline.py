"""One time limit over a whole exchange: time-outs of single reads do not stop a server that sends a byte a second."""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self


class Deadline:
    """Shuts every socket it watches when the time is up, so that whoever is reading from one wakes up."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        with self._lock:
            for watched in self._sockets:
                watched.close()
            self._sockets.clear()

    @property
    def remaining_seconds(self) -> float:
        """Return how much time is left, never less than a moment: zero would mean "for ever" to a socket."""
        return max(self._ends_at - time.monotonic(), 0.001)

    @property
    def is_over(self) -> bool:
        """Return whether the time is up."""
        return time.monotonic() >= self._ends_at

    def watch(self, connection: socket.socket) -> None:
        """Shut this connection too when the time is up, whatever TLS makes of the socket in the meantime."""
        with self._lock:
            self._sockets.append(connection.dup())

    def _end(self) -> None:
        with self._lock:
            for watched in self._sockets:
                # The other side may have closed it already.
                with suppress(OSError):
                    watched.shutdown(socket.SHUT_RDWR)
