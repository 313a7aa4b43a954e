"""A client's connection as the worker sees it between and during requests."""

# Gunicorn has no annotations.
# mypy: allow-untyped-calls

import re
import time
from typing import Any

from gunicorn.workers.gthread import TConn

from homeport.cache.sockets import PatientSocket

LONGEST_HEAD = 32768
_HEAD_END = re.compile(rb"\n\r?\n")


class PatientConnection(TConn):
    """What the worker knows of a connection between and during requests."""

    sock: PatientSocket
    parser: Any

    def __init__(self, cfg: Any, sock: PatientSocket, client: Any, server: Any) -> None:
        super().__init__(cfg, sock, client, server)
        self.received = b""
        self.deadline = 0.0
        # When the client last moved a byte, and since when it has been taking its answer.
        self.moved_at = self.delivery_began = time.monotonic()
        # Whether something of the next request has come, and until when what comes is thrown away instead.
        self.has_begun = False
        self.lingers_until = 0.0
        self._searched = 0
        self._progress = 0
        self.peer = client[0] if isinstance(client, tuple) else ""

    def begin_delivery(self) -> None:
        """Take the time from now on."""
        self.delivery_began = self.moved_at = time.monotonic()
        self._progress = self.sock.progress()

    def note_progress(self) -> None:
        """Ask the kernel, which knows it before the poller does, whether the client has taken more of its answer."""
        progress = self.sock.progress()
        if progress != self._progress:
            self._progress = progress
            self.moved_at = time.monotonic()

    def receive(self, data: bytes) -> None:
        """Keep bytes that came while nobody works for this connection."""
        # A client may send empty lines before a request (RFC 9112, section 2.2); to the search below they look like
        # the end of one.
        self.received = self.received + data if self.received else data.lstrip(b"\r\n")
        if data:
            self.has_begun = True

    def has_head(self) -> bool:
        """Say whether a thread can start: the whole head of a request is here."""
        found = _HEAD_END.search(self.received, max(self._searched - 3, 0)) is not None
        self._searched = len(self.received)
        return found

    def has_too_much(self) -> bool:
        """Say whether there is more than a head may have, and no end of it."""
        return len(self.received) > LONGEST_HEAD

    def go_on_after(self, length: int, keep_seconds: float, head_seconds: float) -> None:
        """Forget a request that has been answered, and expect the next one, or the rest of it."""
        self._searched = 0
        if length == len(self.received):
            self.received, self.has_begun = b"", False
            self.deadline = self.moved_at + keep_seconds
            return
        self.received = self.received[length:].lstrip(b"\r\n")
        self.has_begun = bool(self.received)
        self.deadline = self.moved_at + (head_seconds if self.has_begun else keep_seconds)

    def take(self) -> bytes:
        """Return what was received, for the parser."""
        data, self.received, self._searched = self.received, b"", 0
        self.has_begun = False
        return data
