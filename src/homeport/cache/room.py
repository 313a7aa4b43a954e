"""The memory that answers may keep while they wait for their clients, and who has to go when it is full."""

import threading
import time
from collections.abc import Callable, Iterable

from homeport.cache.connection import PatientConnection

# All answers together may keep so much memory of a worker.
MOST_OUTGOING_BYTES = 64 * 1024 * 1024
# So long, at least, a client may begin to take its answer; new answers wait for that when there is no room.
BEGIN_SECONDS = 0.1
# Whoever has taken so much reads: kernels take less for a client that does not. A reader may pause for so long before
# it counts as stalled.
READER_BYTES = 256 * 1024
PAUSE_SECONDS = 1.0


class Room:
    """The room of one worker."""

    def __init__(self) -> None:
        self._is_there = threading.Event()
        self._is_there.set()

    @property
    def is_lacking(self) -> bool:
        """Whether there was not enough of it, last time."""
        return not self._is_there.is_set()

    def wait(self) -> None:
        """Let those who have just begun go on before there is another one to push them out."""
        self._is_there.wait(BEGIN_SECONDS)

    def make(self, connections: Iterable[PatientConnection], drop: Callable[[PatientConnection], None]) -> None:
        """Drop who has taken nothing of an answer for the longest time, and no more of them than necessary."""
        holding = [conn for conn in connections if conn.sock.outgoing.memory_bytes]
        excess = sum(conn.sock.outgoing.memory_bytes for conn in holding) - MOST_OUTGOING_BYTES
        if excess > 0:
            for conn in _stalest_first(holding):
                excess -= conn.sock.outgoing.memory_bytes
                drop(conn)
                if excess <= 0:
                    break
        if excess > 0:
            self._is_there.clear()
        else:
            self._is_there.set()


def _stalest_first(holding: list[PatientConnection]) -> Iterable[PatientConnection]:
    for conn in holding:
        conn.note_progress()
    begun = time.monotonic() - BEGIN_SECONDS
    for conn in sorted(holding, key=_trusted_until):
        if conn.delivery_began > begun:
            return
        yield conn


def _trusted_until(conn: PatientConnection) -> float:
    return conn.moved_at + (PAUSE_SECONDS if conn.sock.progress() > READER_BYTES else 0)
