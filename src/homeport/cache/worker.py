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
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from selectors import EVENT_WRITE
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from homeport.cache.answers import Answers
from homeport.cache.connection import PatientConnection
from homeport.cache.ledger import Ledger
from homeport.cache.poller import Poller
from homeport.cache.refusals import refusal, status_of
from homeport.cache.room import Room
from homeport.cache.sockets import Lane, PatientSocket
from homeport.cache.waiting import Waiting
from homeport.ops.retirement import retire

# All of a head has to come in this time, however it trickles in.
HEAD_SECONDS = 10.0
# A client that takes nothing of its answer for this long has left.
DELIVERY_SECONDS = 30.0
# Closing a connection at once could cut off the end of the answer (RFC 9112, section 9.6).
LINGER_SECONDS = 2.0
# Who is still sending a body that nobody wants reads the answer only then.
LONGEST_LINGER_SECONDS = 30.0
# How many threads may wait for their clients, for each that may work.
WAITS_PER_TURN = 8
NOTIFY_SECONDS = 0.5
# How often it is looked whose time is over.
LOOK_SECONDS = 0.1
# Who waits for the interpreter, while a thread renders a page, waits so long; Python's own measure is ten times this.
SWITCH_SECONDS = 0.0005
# So many stored answers are one request to Gunicorn, which replaces a worker for what an application may leak.
ANSWERS_PER_REQUEST = 1000
# So many stored pages a client gets for requests that it sends all at once, before it is the turn of others.
MOST_AT_ONCE = 16

# Whoever asks this wants to know whether the worker lives, not how busy it is. It has a thread of its own.
PROBES = (b"GET /healthz ", b"HEAD /healthz ")
# When every turn is taken and none has begun or ended for so long, the worker does not live.
HANG_SECONDS = 30.0

log = logging.getLogger("homeport.worker")


class PatientWorker(ThreadWorker):
    """One worker process."""

    poller: Any

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.turn_moved_at = time.monotonic()
        self.room = Room()
        # Stored pages, if the application has any.
        self.answers: Answers | None = None
        self.ledger = Ledger()
        self.notify_at = self.look_at = 0.0

    def init_process(self) -> None:
        """Begin to work, with enough file descriptors: a connection needs up to two."""
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 3 * self.worker_connections
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(wanted, hard), hard))
        super().init_process()

    def run(self) -> None:
        """Answer; stored pages at once, and everything else in threads."""
        self.poller.close()
        self.poller = Poller()
        self.waiting = Waiting(self.poller, self._count_lost)
        self.keep_seconds = self.cfg.keepalive
        sys.setswitchinterval(SWITCH_SECONDS)
        offer = getattr(self.wsgi, "offer_pages", None)
        if offer is not None:
            store, log_answer, trusts = offer()
            self.ledger = Ledger(getattr(self.log, "observe", None), log_answer)
            self.answers = Answers(store, self.ledger.note, trusts)
        super().run()
        self.ledger.tell()

    def notify(self) -> None:
        """Say that this worker lives, and what it has answered; the loop comes by more often than that is needed."""
        now = time.monotonic()
        if now >= self.notify_at:
            self.notify_at = now + NOTIFY_SECONDS
            super().notify()
            self.ledger.tell()
            self._count_answers()

    def _count_answers(self) -> None:
        counted, self.ledger.told = divmod(self.ledger.told, ANSWERS_PER_REQUEST)
        self.nr += counted
        if self.nr >= self.max_requests:
            self.alive = False

    def _count_lost(self) -> None:
        self.nr_conns -= 1

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Go on while there is something to do: Gunicorn's loop need not come by with every handful of requests."""
        end = time.monotonic() + LOOK_SECONDS
        while self.poller.dispatch(timeout) and self.alive and self.nr_conns < self.worker_connections:
            if time.monotonic() > end:
                break

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
            self.waiting.drop_stalest()
            return
        self.nr_conns += 1
        connection = PatientConnection(self.cfg, PatientSocket.adopt(accepted), client, listener.getsockname())
        self.waiting.add(connection, HEAD_SECONDS, self._read)
        if self.nr_conns >= self.worker_connections:
            self.waiting.drop_stalest()

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
        if self.answers is not None and self.alive and (found := self.answers.fetch(conn.received, conn.peer)):
            # Stored, but not in memory; also what a start has before the application is there.
            answer, (head, length, _, _) = found
            conn.go_on_after(length, self.keep_seconds, HEAD_SECONDS)
            conn.sock.sendall(answer)
            return not head.closes
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
            self.waiting.drop(conn)
        elif not conn.sock.outgoing:
            self._go_on(conn, stays=stays)
        else:
            conn.begin_delivery()
            self.waiting.add(conn, DELIVERY_SECONDS, partial(self._deliver, stays=stays), EVENT_WRITE)
            self.room.make(self.waiting, self.waiting.drop)

    def _deliver(self, conn: PatientConnection, *, stays: bool) -> None:
        """Send the next part of an answer."""
        try:
            conn.sock.send_outgoing()
        except OSError:
            self.waiting.drop(conn)
            return
        if not conn.sock.outgoing:
            self.waiting.forget(conn)
            self._go_on(conn, stays=stays)
        elif not self._may_take_on(conn):
            self.waiting.drop(conn)

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
            self.waiting.drop(conn)
            return
        if conn.has_head():
            self.enqueue_req(conn)
        else:
            keep = self.keep_seconds if self.alive else min(self.keep_seconds, STOP_KEEPALIVE_LINGER)
            self.waiting.add(conn, HEAD_SECONDS if conn.received else keep, self._read)

    def murder_keepalived(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 - Gunicorn's signature
        """Close the connections whose time is over."""
        now = time.monotonic()
        if now < self.look_at and not force:
            return
        self.look_at = now + LOOK_SECONDS
        for conn in list(self.waiting) if force else self.waiting.late():
            if force or not conn.sock.outgoing or not self._may_take_on(conn):
                self.waiting.drop(conn)
        if self.room.is_lacking:
            self.room.make(self.waiting, self.waiting.drop)

    def _cap_keepalive(self, deadline: float) -> None:
        """Take no more connections, and do not wait longer than this for requests to begin."""
        retire(self.tmp)
        self.waiting.hurry(deadline)

    def _read(self, conn: PatientConnection) -> None:
        """Take in what a client has sent, and answer it."""
        try:
            data = conn.sock.recv_now()
        except OSError:
            data = b""
        if data is None:
            return
        now = time.monotonic()
        if not data:
            self.waiting.drop(conn)
        elif conn.lingers_until:
            conn.deadline = min(now + LINGER_SECONDS, conn.lingers_until)
        else:
            conn.moved_at = now
            if not conn.has_begun:
                conn.deadline = now + HEAD_SECONDS
            conn.receive(data)
            if self.answers is None or self._answer_stored(conn, self.answers):
                self._answer_rest(conn)

    def _answer_stored(self, conn: PatientConnection, answers: Answers) -> bool:
        """Answer what is stored; say whether there is something left that is to be looked at."""
        for _ in range(MOST_AT_ONCE):
            # The last answers of a worker say that the connection ends, as threads do.
            if not conn.received or not self.alive:
                break
            found = answers.find(conn.received, conn.peer)
            if found is None:
                break
            answer, length = found
            conn.go_on_after(length, self.keep_seconds, HEAD_SECONDS)
            try:
                is_sent = conn.sock.send_at_once(answer)
            except OSError:
                self.waiting.drop(conn)
                return False
            if not is_sent:
                self.waiting.forget(conn)
                self.finish_request(conn, stays=True)
                return False
        return bool(conn.received)

    def _answer_rest(self, conn: PatientConnection) -> None:
        """Hand a connection to a thread once there is a whole head."""
        if conn.has_head():
            self.waiting.forget(conn)
            self.enqueue_req(conn)
        elif conn.has_too_much():
            self._refuse(conn)

    def _refuse(self, conn: PatientConnection) -> None:
        """Answer what the parser would answer, had it the patience to read to the end."""
        self.waiting.forget(conn)
        try:
            conn.sock.send(refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE))
            self._close(conn)
        except OSError:
            self.waiting.drop(conn)

    def _close(self, conn: PatientConnection) -> None:
        """Say that nothing more will come, and leave the last word to the client."""
        conn.lingers_until = time.monotonic() + LONGEST_LINGER_SECONDS
        conn.sock.shutdown(socket.SHUT_WR)
        self.waiting.add(conn, LINGER_SECONDS, self._read)
