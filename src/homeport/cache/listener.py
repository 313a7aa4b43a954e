"""Hears of changes from the database, on a connection of its own, and knows when it would not hear of them."""

import logging
import secrets
import select
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE, connection

from homeport.cache.revision import READ, Knowledge
from homeport.cache.shared import SharedRevision
from homeport.values import libpq_uri

CHANNEL = "homeport_content"
ECHO_SECONDS = 1.0
LOST_SECONDS = 2.0
"""An echo that has not come by then will not come: what was heard before may not be the last word."""

DECISION_SECONDS = 4.0
"""How long whoever needs the database waits to learn whether a server that has fallen silent can be reached anew."""

PROBE_SECONDS = 0.25
"""How often a listener that has lost its connection asks for a new one."""

log = logging.getLogger("homeport.cache")


NOTHING = Knowledge()


def _ignore(_knowledge: Knowledge) -> None:
    """Stand in for whoever wants to know."""


class LostError(Exception):
    """The server does not answer in time."""


class Listener:
    """One thread of a process; everybody else only looks at `knowledge` and asks `is_current`."""

    def __init__(
        self,
        uri: str,
        shared: SharedRevision,
        known: Knowledge = NOTHING,
        on_news: Callable[[Knowledge], None] = _ignore,
    ) -> None:
        self.knowledge = known
        self._on_news = on_news
        self.shared = shared
        self._uri = libpq_uri(uri)
        self._confirmed_at = float("-inf")
        self._behind_since = float("inf")
        self._has_failed = False
        self._lock = threading.Lock()
        self._is_stopped = False
        self._wake, self._waker = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to listen; in a process that was forked from one that listens it has to be another object."""
        with self._lock:
            if not self._thread.is_alive() and not self._is_stopped:
                self._thread.start()

    def stop(self) -> None:
        """End the thread and close its connection."""
        self._is_stopped = True
        self._waker.send(b".")
        if self._thread.is_alive():
            self._thread.join()
        self._wake.close()
        self._waker.close()

    def is_current(self) -> bool:
        """Say whether whatever is committed, on this host at least, is known here."""
        return time.monotonic() - self._confirmed_at < LOST_SECONDS and self.shared.get() <= self.knowledge.revision

    @property
    def has_heard(self) -> bool:
        """Whether the database has been heard of at all."""
        return self._confirmed_at > float("-inf")

    def silent_seconds(self) -> float:
        """Return for how long nothing has been heard of it."""
        return time.monotonic() - self._confirmed_at

    def wait_until_current(self, seconds: float) -> bool:
        """Wait for the first knowledge, or for a change that is being heard of at the moment; not for the lost."""
        end = time.monotonic() + seconds
        while not self.is_current() and time.monotonic() < end:
            if self.has_heard and self.silent_seconds() > LOST_SECONDS:
                break
            time.sleep(0.002)
        return self.is_current()

    def is_cut_off(self) -> bool:
        """Say whether nothing is heard and no new connection can be made either, so that a question would only hang.

        Waits for the outcome while that is being tried. Never while somebody on this host knows of a newer revision:
        he reaches the server.
        """
        end = time.monotonic() + DECISION_SECONDS
        while not self._has_failed and self._is_silent() and time.monotonic() < end:
            time.sleep(0.01)
        return self._has_failed and self._is_silent() and self.shared.get() <= self.knowledge.revision

    def _is_silent(self) -> bool:
        return self.has_heard and self.silent_seconds() > LOST_SECONDS

    def _run(self) -> None:
        while not self._is_stopped:
            raw: connection | None = None
            heard_before = self._confirmed_at
            try:
                raw = _connect(self._uri)
                self._listen(raw)
            except (psycopg2.Error, LostError, OSError, ValueError) as error:
                log.debug("the database cannot be heard: %s", str(error).strip())
                # A server that refuses with a reason of its own is there.
                self._has_failed = self._confirmed_at == heard_before and "FATAL" not in str(error)
            finally:
                if raw is not None:
                    raw.close()
            select.select([self._wake], [], [], PROBE_SECONDS)

    def _listen(self, raw: connection) -> None:
        echo = f"homeport_echo_{secrets.token_hex(8)}"
        # Planning it takes longer than all the rest, and every reader waits for it after a change.
        _execute(raw, f"prepare news(text, bigint) as {READ % {'origin': '$1', 'revision': '$2'}}")
        _execute(raw, f"listen {CHANNEL}; listen {echo}")
        while not self._is_stopped:
            asked_at = time.monotonic()
            self._read(raw)
            _execute(raw, f"notify {echo}")
            if echo not in {notice.channel for notice in raw.notifies}:
                raise LostError("no echo")
            self._confirmed_at, self._has_failed = asked_at, False
            self._on_news(self.knowledge)
            while self._await_news(raw, asked_at + ECHO_SECONDS):
                self._read(raw)
                self._on_news(self.knowledge)

    def _await_news(self, raw: connection, until: float) -> bool:
        """Say whether something has changed; if not, it is time to ask whether this is still heard."""
        while not any(notice.channel == CHANNEL for notice in raw.notifies):
            left = until - time.monotonic()
            if left <= 0 or self._is_stopped:
                return False
            readable, _, _ = select.select([raw.fileno(), self._wake.fileno()], [], [], left)
            if raw.fileno() in readable:
                raw.poll()
        # If changes follow one another, the echo is asked for all the same.
        return time.monotonic() < until

    def _read(self, raw: connection) -> None:
        """Learn what has changed: all that is committed by now, and of what comes later the connection tells."""
        raw.notifies.clear()
        known = self.knowledge
        row = _execute(raw, "execute news(%s, %s)", (known.origin, known.revision))
        self.knowledge = known.after(row, now=time.monotonic())
        if self.shared.get() <= self.knowledge.revision:
            self.shared.tell(self.knowledge.revision)
            self._behind_since = float("inf")
        elif time.monotonic() - self._behind_since > LOST_SECONDS:
            # Nobody can have committed what cannot be seen for so long: it was in a database of before.
            self.shared.forget()
        else:
            self._behind_since = min(self._behind_since, time.monotonic())


def _connect(uri: str) -> connection:
    raw: connection = psycopg2.connect(uri, application_name="homeport listener", async_=1)
    try:
        _wait(raw)
    except BaseException:
        raw.close()
        raise
    return raw


def _execute(raw: connection, statement: str, parameters: Any = None) -> Any:
    with raw.cursor() as cursor:
        cursor.execute(statement, parameters)
        _wait(raw)
        return cursor.fetchone() if cursor.description else None


def _wait(raw: connection) -> None:
    """Wait until the server has answered; one that stands still answers never."""
    end = time.monotonic() + LOST_SECONDS
    while (state := raw.poll()) != POLL_OK:
        reading = [raw.fileno()] if state == POLL_READ else []
        writing = [raw.fileno()] if state == POLL_WRITE else []
        left = end - time.monotonic()
        if left <= 0 or not any(select.select(reading, writing, [], left)):
            raise LostError(f"no answer in {LOST_SECONDS:.0f} s")
