"""A client's connection that gives up its turn to work while it waits for the client."""

# Gunicorn has no annotations.
# mypy: allow-untyped-calls

import errno
import os
import re
import select
import socket
import time
from threading import Semaphore
from typing import Any, Self, SupportsIndex

from gunicorn.workers.gthread import TConn

# A client that does not send or take a single byte for this long has left.
STALL_SECONDS = 10.0
# Nor may it keep a thread waiting for longer than this, unless it moves bytes at a fair rate.
GRACE_SECONDS = 30.0
SLOWEST_BYTES_PER_SECOND = 4096

LONGEST_HEAD = 32768
_HEAD_END = re.compile(rb"\n\r?\n")


class PatientSocket(socket.socket):
    """A socket that never blocks but waits by itself, lending the turn to other threads meanwhile.

    To Gunicorn a client that stalls looks like one that has left.
    """

    turns: Semaphore
    _limit: float | None = None
    _waited = 0.0
    _moved = 0

    @classmethod
    def adopt(cls, accepted: socket.socket, turns: Semaphore) -> Self:
        """Take over a connection that was just accepted."""
        patient = cls(fileno=accepted.detach())
        patient.turns = turns
        super(PatientSocket, patient).setblocking(False)
        return patient

    def begin_request(self) -> None:
        """Forget how slow the client was before."""
        self._waited, self._moved = 0.0, 0

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

    def recv_now(self, size: int) -> bytes | None:
        """Return the bytes that are there: none at all at the end of the connection, None when there are none yet."""
        try:
            return super().recv(size)
        except BlockingIOError:
            return None

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send everything, as fast as the client takes it."""
        rest = memoryview(data).cast("B")
        while rest:
            try:
                sent = self.send(rest, flags)
            except BlockingIOError:
                self._wait(select.POLLOUT)
            else:
                self._moved += sent
                rest = rest[sent:]

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Send a part of a file without reading it into memory."""
        assert count is not None
        sent = 0
        while sent < count:
            try:
                step = os.sendfile(self.fileno(), file.fileno(), offset + sent, count - sent)
            except BlockingIOError:
                self._wait(select.POLLOUT)
            else:
                if step == 0:
                    raise ConnectionResetError(errno.ECONNRESET, "the file has become shorter")
                self._moved += step
                sent += step
        return sent

    def setblocking(self, flag: SupportsIndex, /) -> None:
        """Do nothing: Gunicorn means "wait" or "do not wait", and where it must not wait, this waits only so long."""

    def settimeout(self, value: float | None, /) -> None:
        """Wait at most this long for the next bytes, then raise TimeoutError."""
        self._limit = value

    def gettimeout(self) -> float | None:
        """Return what `settimeout` was given."""
        return self._limit

    def _wait(self, event: int) -> None:
        """Wait for the client outside the turn."""
        poll = select.poll()
        poll.register(self, event)
        seconds = STALL_SECONDS if self._limit is None else min(self._limit, STALL_SECONDS)
        began = time.monotonic()
        self.turns.release()
        try:
            is_there = bool(poll.poll(seconds * 1000))
        finally:
            self.turns.acquire()
        self._waited += time.monotonic() - began
        if not is_there and self._limit is not None:
            raise TimeoutError
        too_slow = self._waited > GRACE_SECONDS and self._moved < SLOWEST_BYTES_PER_SECOND * self._waited
        if not is_there or too_slow:
            raise ConnectionResetError(errno.ECONNRESET, "the client stalls")


class PatientConnection(TConn):
    """What the worker knows of a connection between and during requests."""

    sock: PatientSocket
    parser: Any

    def __init__(self, cfg: Any, sock: PatientSocket, client: Any, server: Any) -> None:
        super().__init__(cfg, sock, client, server)
        self.received = b""
        self.deadline = 0.0
        self.is_closing = False
        self._searched = 0

    def receive(self, data: bytes) -> None:
        """Keep bytes that came while nobody works for this connection."""
        # A client may send empty lines before a request (RFC 9112, section 2.2); to the search below they look like
        # the end of one.
        self.received = self.received + data if self.received else data.lstrip(b"\r\n")

    def has_head(self) -> bool:
        """Say whether a thread can start: the whole head of a request is here."""
        found = _HEAD_END.search(self.received, max(self._searched - 3, 0)) is not None
        self._searched = len(self.received)
        return found

    def has_too_much(self) -> bool:
        """Say whether there is more than a head may have, and no end of it."""
        return len(self.received) > LONGEST_HEAD

    def take(self) -> bytes:
        """Return what was received, for the parser."""
        data, self.received, self._searched = self.received, b"", 0
        return data
