"""Gunicorn's threaded worker, made patient: a slow client waits in the poller and holds no thread.

Stock gthread gives a connection to a thread with its first byte, and the thread then waits for the rest: as many
half-sent requests as there are threads, and the site is gone. Here a thread gets a connection when the head of its
request has arrived, and a short body with it. What must be read or written in a thread after that, a long upload or a
large answer, is bounded: a client that stalls is let go, and uploads never hold more than half of the threads.
"""

# Gunicorn has no annotations.
# mypy: allow-untyped-calls, allow-untyped-defs

import contextlib
import re
import selectors
import socket
import time
from collections import deque
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

# A head has this long in all, however it trickles in; so has a short body.
HEAD_SECONDS = 10.0
# A thread waits this long for a client to send or to take the next bytes.
STALL_SECONDS = 10.0
# A closed connection is read from this long: closing it at once could cut off the answer (RFC 9112, section 9.6).
LINGER_SECONDS = 2.0

LONGEST_HEAD = 65536
LONGEST_SHORT_BODY = 65536
READ_BYTES = 16384

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_BODY_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d+)[ \t]*\r?\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\ntransfer-encoding:", re.IGNORECASE)


class StallingSocket(socket.socket):
    """A connection whose client may not stall; to Gunicorn one that does looks like one that has left."""

    def recv(self, *arguments: Any) -> bytes:
        with _let_go():
            return super().recv(*arguments)
