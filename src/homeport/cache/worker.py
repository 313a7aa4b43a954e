"""Gunicorn's threaded worker, made patient: a slow client costs no more than its connection.

Stock gthread gives a connection to a thread with its first byte, and the thread waits for the rest: as many half-sent
requests as there are threads, and the site is gone. Here a connection stays in the poller until the head of its
request is complete. From then on it has a thread, of which there are many, but only `threads` of them have a turn to
work at the same time, and whoever waits for a client lends its turn (see `connection.py`).
"""

# Gunicorn has no annotations.
# mypy: allow-untyped-calls

import selectors
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Semaphore
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from homeport.cache.connection import PatientConnection, PatientSocket

# All of a head has to come in this time, however it trickles in.
HEAD_SECONDS = 10.0
# Closing a connection at once could cut off the end of the answer (RFC 9112, section 9.6).
LINGER_SECONDS = 2.0
READ_BYTES = 16384
# How many threads there are for each that may work: the others wait for their clients.
THREADS_PER_TURN = 16

TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class PatientWorker(ThreadWorker):
    """One worker process."""

    poller: Any

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.turns = Semaphore(self.cfg.threads)
        # All connections that wait in the poller, for their client or for their end.
        self.waiting: dict[PatientConnection, None] = {}

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """Make the threads; they come into being only when they are needed."""
        return ThreadPoolExecutor(self.cfg.threads * THREADS_PER_TURN, thread_name_prefix="request")

    def accept(self, listener: Any) -> None:
        """Take a connection, and wait for its first request."""
        try:
            accepted, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        connection = PatientConnection(
            self.cfg, PatientSocket.adopt(accepted, self.turns), client, listener.getsockname()
        )
        self._await(connection, HEAD_SECONDS)

    def handle(self, conn: PatientConnection) -> Any:
        """Answer a request; runs in a thread, as soon as it is the thread's turn."""
        with self.turns:
            conn.sock.begin_request()
            conn.init()
            conn.parser.unreader.unread(conn.take())
            return super().handle(conn)

    def finish_request(self, conn: PatientConnection, fs: "Future[Any]") -> None:
        """Wait for the next request of this client, or for it to close the connection."""
        try:
            stays = not fs.cancelled() and fs.exception() is None and bool(fs.result())
            if not stays:
                self._close(conn)
                return
            conn.receive(conn.parser.unreader.take_buffered())
        except OSError:
            self._drop(conn)
            return
        if conn.has_head():
            self.enqueue_req(conn)
        else:
            keep = self.cfg.keepalive if self.alive else min(self.cfg.keepalive, STOP_KEEPALIVE_LINGER)
            self._await(conn, HEAD_SECONDS if conn.received else keep)

    def murder_keepalived(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 - Gunicorn's signature
        """Close the connections whose time is over."""
        now = time.monotonic()
        for conn in [conn for conn in self.waiting if force or conn.deadline <= now]:
            self._drop(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """Do not let a stopping worker wait longer than this for requests to begin."""
        for conn in self.waiting:
            conn.deadline = min(conn.deadline, deadline)

    def _await(self, conn: PatientConnection, seconds: float) -> None:
        conn.deadline = time.monotonic() + seconds
        self.waiting[conn] = None
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._read, conn))

    def _read(self, conn: PatientConnection, _socket: object) -> None:
        """Take in what a client has sent; hand it to a thread once there is a whole head."""
        try:
            data = conn.sock.recv_now(READ_BYTES)
        except OSError:
            data = b""
        if data == b"":
            self._drop(conn)
        elif data and not conn.is_closing:
            if not conn.received:
                conn.deadline = time.monotonic() + HEAD_SECONDS
            conn.receive(data)
            if conn.has_head():
                self._forget(conn)
                self.enqueue_req(conn)
            elif conn.has_too_much():
                self._refuse(conn)

    def _refuse(self, conn: PatientConnection) -> None:
        """Answer what the parser would answer, had it the patience to read to the end."""
        self._forget(conn)
        try:
            conn.sock.send(TOO_LARGE)
            self._close(conn)
        except OSError:
            self._drop(conn)

    def _close(self, conn: PatientConnection) -> None:
        """Say that nothing more will come, and leave the last word to the client."""
        conn.is_closing = True
        conn.sock.shutdown(socket.SHUT_WR)
        self._await(conn, LINGER_SECONDS)

    def _forget(self, conn: PatientConnection) -> None:
        del self.waiting[conn]
        self.poller.unregister(conn.sock)

    def _drop(self, conn: PatientConnection) -> None:
        if conn in self.waiting:
            self._forget(conn)
        self.nr_conns -= 1
        conn.close()
