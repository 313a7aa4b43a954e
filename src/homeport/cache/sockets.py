"""A client's socket: the thread that answers does not wait for it, or at least lends others its turn meanwhile."""

# Gunicorn has no annotations.
# mypy: allow-untyped-calls

import errno
import fcntl
import select
import socket
import struct
import sys
import termios
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Semaphore
from typing import Any, Self, SupportsIndex

from homeport.cache import transfer
from homeport.cache.outgoing import Outgoing

# A client that does not send or take a single byte for this long has left.
STALL_SECONDS = 10.0
# Nor may it be waited for longer than this, unless it moves bytes at a fair rate.
GRACE_SECONDS = 30.0
SLOWEST_BYTES_PER_SECOND = 4096

# So much of an answer may wait in memory for its client; who makes a longer one bit by bit waits with it.
MOST_OUTGOING_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Lane:
    """Threads of which only some may work at the same time, and of which only some may wait for clients."""

    pool: ThreadPoolExecutor
    turns: Semaphore
    waits: Semaphore
    # Connections whose requests are to be answered.
    ready: list[Any] = field(default_factory=list)

    @classmethod
    def make(cls, name: str, *, turns: int, waits: int) -> Self:
        """Make a lane; its threads come into being only when they are needed."""
        return cls(ThreadPoolExecutor(turns + waits, thread_name_prefix=name), Semaphore(turns), Semaphore(waits))


class PatientSocket(socket.socket):
    """A socket that never blocks.

    What it sends waits in `outgoing` until the client takes it. To read it waits by itself, lending the turn to other
    threads. To Gunicorn a client that stalls looks like one that has left.
    """

    lane: Lane
    outgoing: Outgoing
    # The client will not get its answer: it has left, or has been given up.
    is_lost = False
    _limit: float | None = None
    _may_wait = True
    _waited = 0.0
    _moved = 0

    @classmethod
    def adopt(cls, accepted: socket.socket) -> Self:
        """Take over a connection that was just accepted."""
        patient = cls(fileno=accepted.detach())
        patient.outgoing = Outgoing()
        super(PatientSocket, patient).setblocking(False)
        return patient

    def begin_request(self, lane: Lane) -> None:
        """Forget how slow the client was before; from now on it is waited for in this lane."""
        self.lane = lane
        self._waited, self._moved = 0.0, 0

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Raise TimeoutError instead of waiting for the client."""
        self._may_wait = False
        try:
            yield
        finally:
            self._may_wait = True

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Return the next bytes once there are some."""
        while True:
            try:
                data = super().recv(size, flags)
            except BlockingIOError:
                self._wait(select.POLLIN)
            else:
                self._moved += len(data)
                return data

    def recv_now(self) -> bytes | None:
        """Return the bytes that are there: none at all at the end of the connection, None when there are none yet."""
        return transfer.receive(self.fileno())

    def sendall(self, data: Any, _flags: int = 0, /) -> None:
        """Send what the client takes at once, and keep the rest."""
        self.outgoing.add(memoryview(data).cast("B"))
        self.send_outgoing()
        while self.outgoing.memory_bytes > MOST_OUTGOING_BYTES:
            with self._lost_if_it_fails():
                self._wait(select.POLLOUT)
            self.send_outgoing()

    def send_at_once(self, data: bytes) -> bool:
        """Send bytes while nothing waits to be sent; keep what is not taken, and say whether all of it was."""
        try:
            sent = transfer.send(self.fileno(), data)
        except OSError:
            self.is_lost = True
            raise
        self._moved += sent
        if sent == len(data):
            return True
        self.outgoing.add(memoryview(data)[sent:])
        return False

    def send(self, data: Any, _flags: int = 0, /) -> int:
        """Do the same: who asks a client for its body does not look how much of the question has left."""
        self.sendall(data)
        return len(data)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Send a part of a file without reading it into memory."""
        assert count is not None
        self.outgoing.add_file(file.fileno(), offset, count)
        self.send_outgoing()
        return count

    def send_outgoing(self) -> None:
        """Send what the client takes at once."""
        with self._lost_if_it_fails():
            self._moved += self.outgoing.send(self)

    def progress(self) -> int:
        """Return how many bytes the client has sent and taken; what the kernel still keeps for it is not taken."""
        kept = bytes(4)
        # Not every kernel tells.
        with suppress(OSError):
            kept = fcntl.ioctl(self, termios.TIOCOUTQ, kept)
        return self._moved - int.from_bytes(kept, sys.byteorder)

    def close(self) -> None:
        """Close the connection; a client that has yet to take something will not get it any more."""
        if self.outgoing or self.is_lost:
            # Nor does the kernel keep what it has of it.
            self.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.outgoing.clear()
        super().close()

    def setblocking(self, flag: SupportsIndex, /) -> None:
        """Do nothing: Gunicorn means "wait" or "do not wait", and where it must not wait, this waits only so long."""

    def settimeout(self, value: float | None, /) -> None:
        """Wait at most this long for the next bytes, then raise TimeoutError."""
        self._limit = value

    def gettimeout(self) -> float | None:
        """Return what `settimeout` was given."""
        return self._limit

    def is_too_slow(self, seconds: float) -> bool:
        """Say whether a client that was waited for so long has moved too little meanwhile."""
        return seconds > GRACE_SECONDS and self.progress() < SLOWEST_BYTES_PER_SECOND * seconds

    @contextmanager
    def _lost_if_it_fails(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            self.is_lost = True
            self.outgoing.clear()
            raise

    def _wait(self, event: int) -> None:
        """Wait for the client outside the turn, if not too many others do."""
        if not self._may_wait:
            raise TimeoutError
        if not self.lane.waits.acquire(blocking=False):
            raise ConnectionResetError(errno.ECONNRESET, "too many clients stall")
        poll = select.poll()
        poll.register(self, event)
        seconds = STALL_SECONDS if self._limit is None else min(self._limit, STALL_SECONDS)
        began = time.monotonic()
        self.lane.turns.release()
        try:
            is_there = bool(poll.poll(seconds * 1000))
        finally:
            self.lane.waits.release()
            self.lane.turns.acquire()
        self._waited += time.monotonic() - began
        if not is_there and self._limit is not None:
            raise TimeoutError
        if not is_there or self.is_too_slow(self._waited):
            raise ConnectionResetError(errno.ECONNRESET, "the client stalls")
