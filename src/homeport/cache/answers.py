"""Answers requests for stored pages before they become anything, with the same bytes as the application would.

What is not told at once, in the log and in the metrics, is told once a second.
"""

# Gunicorn has no annotations.
# mypy: allow-untyped-calls

import re
import secrets
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from itertools import count
from typing import NamedTuple

from gunicorn import SERVER
from gunicorn.util import http_date

from homeport.cache.heads import Head, Heads
from homeport.cache.http import PREFERENCE, choose_encoding
from homeport.cache.memory import Held
from homeport.cache.store import PageStore

MOST_CHOICES = 256
MOST_UNTOLD = 2000

_ONE_VALIDATOR = re.compile(r'(?:W/)?("[!#-~]*")')


class Wire(NamedTuple):
    """An answer without the moment and the request's id, which differ each time."""

    status: HTTPStatus
    before_date: bytes
    before_id: bytes
    after_id: bytes


class Answered(NamedTuple):
    """What is told of an answer, in the log and in the metrics."""

    at: float
    peer: str
    head: Head
    status: int
    request_id: str


class Answers:
    """The stored pages as one worker sends them."""

    def __init__(self, store: PageStore, tell: Callable[[Answered], None]) -> None:
        self._store = store
        self._tell = tell
        self._heads = Heads()
        self._choices: dict[str, str] = {}
        self._second = 0
        self._date = b""
        # Nobody has to guess the id of a request; it has only to be found in the log.
        self._name, self._numbers = secrets.token_hex(4), count()

    def find(self, received: bytes, peer: str) -> tuple[bytes, int] | None:
        """Return the answer to the request that these bytes begin with, and how long it is; None if it is not ours."""
        head = self._heads.read(received)
        if head is None:
            return None
        held = self._store.held(head.key)
        if held is None:
            return None
        wire = self._wire(held, head)
        if wire is None:
            return None
        self._store.count(held)
        now = time.time()
        request_id = head.request_id or f"{self._name}{next(self._numbers):08x}"
        self._tell(Answered(now, peer, head, wire.status, request_id))
        parts = (wire.before_date, self._date_at(now), wire.before_id, request_id.encode(), wire.after_id)
        return b"".join(parts), head.length

    def _wire(self, held: Held, head: Head) -> Wire | None:
        encoding = self._choose(head.accepts) if held.page.is_compressible else ""
        if encoding not in held.page.bodies:
            return None
        status = HTTPStatus.OK
        if head.has:
            found = _ONE_VALIDATOR.fullmatch(head.has)
            if found is None:
                return None
            if found[1] == held.page.validator(encoding):
                status = HTTPStatus.NOT_MODIFIED
        name = (encoding, head.method, status is HTTPStatus.OK)
        wire = held.answers.get(name)
        if wire is None:
            wire = held.answers[name] = make_wire(held, encoding, status, has_body=head.method == "GET")
        return wire

    def _choose(self, accepted: str) -> str:
        choice = self._choices.get(accepted)
        if choice is None:
            if len(self._choices) >= MOST_CHOICES:
                self._choices.clear()
            choice = self._choices[accepted] = choose_encoding(accepted, PREFERENCE)
        return choice

    def _date_at(self, now: float) -> bytes:
        if int(now) != self._second:
            self._second = int(now)
            self._date = http_date(now).encode()
        return self._date


def make_wire(held: Held, encoding: str, status: HTTPStatus, *, has_body: bool) -> Wire:
    """Return an answer as Gunicorn and the application together write it."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in held.page.headers_in(encoding, status))
    body = held.page.bodies[encoding] if has_body and status is HTTPStatus.OK else b""
    return Wire(
        status,
        f"HTTP/1.1 {status.value} {status.phrase.upper()}\r\nServer: {SERVER}\r\nDate: ".encode(),
        f"\r\nConnection: keep-alive\r\n{lines}X-Request-Id: ".encode("latin-1"),
        b"\r\n\r\n" + body,
    )


class Ledger:
    """What was answered and not told yet."""

    def __init__(
        self, observe: Callable[[str, int, float], None] | None, log: Callable[[Sequence[Answered]], None]
    ) -> None:
        self._observe = observe
        self._log = log
        self._waiting: list[Answered] = []

    def note(self, answered: Answered) -> None:
        """Remember an answer; when there are many, they are told at once."""
        self._waiting.append(answered)
        if len(self._waiting) >= MOST_UNTOLD:
            self.tell()

    def tell(self) -> None:
        """Count and log what was answered since the last time."""
        answered, self._waiting = self._waiting, []
        if self._observe is not None:
            for each in answered:
                self._observe(each.head.key, each.status, 0.0)
        if answered:
            self._log(answered)
