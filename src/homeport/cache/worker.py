"""Gunicorn's threaded worker, made patient: a slow client costs no more than its connection.

Stock gthread gives a connection to a thread with its first byte, and the thread waits for the rest: as many half-sent
requests as there are threads, and the site is gone. Here a connection stays in the poller until the head of its
request is complete, and goes back there with what is left of its answer. A thread waits for a client only where the
application reads a body that is not there yet, and lends its turn meanwhile (see `sockets.py`).
"""

# Gunicorn has no annotations.
# mypy: allow-untyped-calls

import errno
import logging
import resource
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from homeport.cache.answers import Answered, Answers, Ledger
from homeport.cache.connection import PatientConnection
from homeport.cache.refusals import refusal, status_of
from homeport.cache.room import Room
from homeport.cache.sockets import Lane, PatientSocket
from homeport.ops.retirement import retire

# All of a head has to come in this time, however it trickles in.
HEAD_SECONDS = 10.0
# A client that takes nothing of its answer for this long has left.
DELIVERY_SECONDS = 30.0
# Closing a connection at once could cut off the end of the answer (RFC 9112, section 9.6).
LINGER_SECONDS = 2.0
# Who is still sending a body that nobody wants reads the answer only then.
LONGEST_LINGER_SECONDS = 30.0
READ_BYTES = 16384
# How many threads may wait for their clients, for each that may work.
WAITS_PER_TURN = 8
NOTIFY_SECONDS = 0.5
# How often it is looked whose time is over.
LOOK_SECONDS = 0.1
# So many stored pages a client gets for requests that it sends all at once, before it is the turn of others.
MOST_AT_ONCE = 16

# Whoever asks this wants to know whether the worker lives, not how busy it is. It has a thread of its own.
PROBES = (b"GET /healthz ", b"HEAD /healthz ")
# So long a connection may try to say something before it has to make room for others.
TRY_SECONDS = 0.3
# When every turn is taken and none has begun or ended for so long, the worker does not live.
HANG_SECONDS = 30.0

log = logging.getLogger("homeport.worker")


def _ignore(_answered: Sequence[Answered]) -> None:
    """Stand in for a log."""


class PatientWorker(ThreadWorker):
    """One worker process."""

    poller: Any

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # All connections that wait in the poller, for their client or for their end.
        self.waiting: dict[PatientConnection, None] = {}
        self.turn_moved_at = time.monotonic()
        self.room = Room()
        # Stored pages, if the application has any.
        self.answers: Answers | None = None
        self.ledger = Ledger(None, _ignore)
        self.notify_at = self.look_at = 0.0

    def init_process(self) -> None:
        """Begin to work, with enough file descriptors: a connection needs up to two."""
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 3 * self.worker_connections
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(wanted, hard), hard))
        super().init_process()

    def run(self) -> None:
        """Answer; stored pages at once, and everything else in threads."""
        offer = getattr(self.wsgi, "offer_pages", None)
        if offer is not None:
            store, log_answer = offer()
            self.ledger = Ledger(getattr(self.log, "observe", None), log_answer)
            self.answers = Answers(store, self.ledger.note)
        super().run()
        self.ledger.tell()

    def notify(self) -> None:
        """Say that this worker lives, and what it has answered; the loop comes by with every handful of requests."""
        now = time.monotonic()
        if now >= self.notify_at:
            self.notify_at = now + NOTIFY_SECONDS
            super().notify()
            self.ledger.tell()

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """Make the threads."""
        self.probes = Lane.make("probe", turns=1, waits=0)
        self.requests = Lane.make("request", turns=self.cfg.threads, waits=self.cfg.threads * WAITS_PER_TURN)
        return self.requests.pool

    def accept(self, listener: Any) -> None:
        """Take a connection, and wait for its first request."""
        try:
            accepted, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:
            if error.errno == errno.EINVAL:
                # The supervisor has closed the door; the signal to stop is on its way.
                return
            log.warning("a connection could not be taken: %s", error.strerror)
            self._drop_stalest()
            return
        self.nr_conns += 1
        connection = PatientConnection(self.cfg, PatientSocket.adopt(accepted), client, listener.getsockname())
        self._await(connection, HEAD_SECONDS)
        if self.nr_conns >= self.worker_connections:
            self._drop_stalest()

    def enqueue_req(self, conn: PatientConnection) -> None:
        """Hand a connection to a thread."""
        lane = self.probes if conn.received.startswith(PROBES) else self.requests
        lane.ready.append(conn)
        lane.pool.submit(self._answer_newest, lane)

    def _answer_newest(self, lane: Lane) -> None:
        """Answer a request; runs in a thread, as soon as it is the thread's turn.

        The newest comes first: in a flood, some are then answered at once instead of all too late.
        """
        with lane.turns:
            if lane is self.requests:
                self.room.wait()
            conn = lane.ready.pop()
            stays = False
            self._mark(lane)
            try:
                if lane is self.requests or not self._hangs():
                    stays = self._answer(conn, lane)
            finally:
                self._mark(lane)
                self.method_queue.defer(self.finish_request, conn, stays)

    def _answer(self, conn: PatientConnection, lane: Lane) -> bool:
        conn.sock.begin_request(lane)
        conn.init()
        conn.parser.unreader.unread(conn.take())
        return bool(self.handle(conn))

    def _mark(self, lane: Lane) -> None:
        if lane is self.requests:
            self.turn_moved_at = time.monotonic()

    def _hangs(self) -> bool:
        if self.requests.turns.acquire(blocking=False):
            self.requests.turns.release()
            return False
        return time.monotonic() - self.turn_moved_at > HANG_SECONDS

    def _keepalive_after(self, conn: PatientConnection, keepalive: bool) -> bool:  # noqa: FBT001 - Gunicorn's signature
        """Go on with this client only if all of its request is here: nobody waits for what nobody wants to read."""
        with conn.sock.impatient():
            return bool(keepalive and conn.parser.finish_body(deadline=time.monotonic() + 1))

    def handle_error(
        self,
        req: Any,  # noqa: ARG002 - Gunicorn's signature
        client: PatientSocket,
        addr: Any,
        exc: BaseException,
    ) -> None:
        """Answer what the application could not, or was not asked to."""
        status = status_of(exc)
        if status is HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("a request could not be answered", exc_info=exc)
        else:
            log.info("a client sent nonsense: %s", exc, extra={"address": addr[0] if addr else ""})
        client.sendall(refusal(status))

    def finish_request(self, conn: PatientConnection, stays: bool) -> None:  # noqa: FBT001 - `defer` takes no names
        """See to it that the client takes all of the answer."""
        if conn.sock.is_lost:
            self._drop(conn)
        elif not conn.sock.outgoing:
            self._go_on(conn, stays=stays)
        else:
            conn.begin_delivery()
            self._await(conn, DELIVERY_SECONDS, selectors.EVENT_WRITE, partial(self._deliver, stays=stays))
            self.room.make(self.waiting, self._drop)

    def _deliver(self, conn: PatientConnection, *, stays: bool) -> None:
        """Send the next part of an answer."""
        try:
            conn.sock.send_outgoing()
        except OSError:
            self._drop(conn)
            return
        if not conn.sock.outgoing:
            self._forget(conn)
            self._go_on(conn, stays=stays)
        elif not self._may_take_on(conn):
            self._drop(conn)

    def _may_take_on(self, conn: PatientConnection) -> bool:
        """Give a client that takes its answer fast enough more time for it."""
        conn.note_progress()
        conn.deadline = conn.moved_at + DELIVERY_SECONDS
        now = time.monotonic()
        return conn.deadline > now and not conn.sock.is_too_slow(now - conn.delivery_began)

    def _go_on(self, conn: PatientConnection, *, stays: bool) -> None:
        """Wait for the next request of this client, or for it to close the connection."""
        try:
            if not stays:
                self._close(conn)
                return
            if conn.parser is not None:
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
        if now < self.look_at and not force:
            return
        self.look_at = now + LOOK_SECONDS
        for conn in [conn for conn in self.waiting if force or conn.deadline <= now]:
            if force or not conn.sock.outgoing or not self._may_take_on(conn):
                self._drop(conn)
        if self.room.is_lacking:
            self.room.make(self.waiting, self._drop)

    def _cap_keepalive(self, deadline: float) -> None:
        """Take no more connections, and do not wait longer than this for requests to begin."""
        retire(self.tmp)
        for conn in self.waiting:
            if not conn.sock.outgoing:
                conn.deadline = min(conn.deadline, deadline)

    def _await(
        self,
        conn: PatientConnection,
        seconds: float,
        event: int = selectors.EVENT_READ,
        go_on: Callable[[PatientConnection], None] | None = None,
    ) -> None:
        conn.deadline = time.monotonic() + seconds
        self.waiting[conn] = None
        self.poller.register(conn.sock, event, lambda _: self._wake(conn, go_on or self._read))

    def _wake(self, conn: PatientConnection, go_on: Callable[[PatientConnection], None]) -> None:
        # What happened before in this round may have closed the connection.
        if conn in self.waiting:
            go_on(conn)

    def _read(self, conn: PatientConnection) -> None:
        """Take in what a client has sent; hand it to a thread once there is a whole head."""
        try:
            data = conn.sock.recv_now(READ_BYTES)
        except OSError:
            data = b""
        now = time.monotonic()
        if data == b"":
            self._drop(conn)
        elif data and conn.lingers_until:
            conn.deadline = min(now + LINGER_SECONDS, conn.lingers_until)
        elif data:
            conn.moved_at = now
            if not conn.has_begun:
                conn.deadline = now + HEAD_SECONDS
            conn.receive(data)
            if self.answers is not None and not self._answer_stored(conn, self.answers):
                return
            if conn.has_head():
                self._forget(conn)
                self.enqueue_req(conn)
            elif conn.has_too_much():
                self._refuse(conn)

    def _answer_stored(self, conn: PatientConnection, answers: Answers) -> bool:
        """Answer what is stored; say whether there is something left that is to be looked at."""
        for _ in range(MOST_AT_ONCE):
            # The last answers of a worker say that the connection ends, as threads do.
            if not conn.received or not self.alive:
                break
            found = answers.find(conn.received, conn.peer)
            if found is None:
                break
            # Not counted: a worker is replaced for what an application may leak, and this would do it every second.
            answer, length = found
            conn.go_on_after(length, keep_seconds=self.cfg.keepalive, head_seconds=HEAD_SECONDS)
            try:
                conn.sock.send_at_once(answer)
            except OSError:
                self._drop(conn)
                return False
            if conn.sock.outgoing:
                self._forget(conn)
                self.finish_request(conn, stays=True)
                return False
        return bool(conn.received)

    def _refuse(self, conn: PatientConnection) -> None:
        """Answer what the parser would answer, had it the patience to read to the end."""
        self._forget(conn)
        try:
            conn.sock.send(refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE))
            self._close(conn)
        except OSError:
            self._drop(conn)

    def _close(self, conn: PatientConnection) -> None:
        """Say that nothing more will come, and leave the last word to the client."""
        conn.lingers_until = time.monotonic() + LONGEST_LINGER_SECONDS
        conn.sock.shutdown(socket.SHUT_WR)
        self._await(conn, LINGER_SECONDS)

    def _forget(self, conn: PatientConnection) -> None:
        del self.waiting[conn]
        self.poller.unregister(conn.sock)

    def _drop_stalest(self) -> None:
        """Close the connection that has moved nothing for the longest time; who has just begun may first try."""
        begun = time.monotonic() - TRY_SECONDS
        tried = [conn for conn in self.waiting if conn.delivery_began < begun]
        if self.waiting:
            self._drop(min(tried or self.waiting, key=lambda conn: conn.moved_at))

    def _drop(self, conn: PatientConnection) -> None:
        if conn in self.waiting:
            self._forget(conn)
        self.nr_conns -= 1
        conn.close()
