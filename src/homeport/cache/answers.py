"""Answers requests for stored pages before they become anything, with the same bytes as the application would."""

# Gunicorn has no annotations.
# mypy: allow-untyped-calls

import re
import secrets
import time
from collections.abc import Callable
from http import HTTPStatus
from itertools import count
from typing import NamedTuple

from gunicorn import SERVER
from gunicorn.util import http_date

from homeport.cache.heads import Head, Heads, Request
from homeport.cache.memory import Held
from homeport.cache.store import PageStore

_ONE_VALIDATOR = re.compile(r'(?:W/)?("[!#-~]*")')


class Wire(NamedTuple):
    """An answer without the moment and the request's id, which differ each time."""

    status: int
    before_date: bytes
    before_id: bytes
    after_id: bytes


# What is told of an answer: when it was given, to whom, to what, its status, the request's id and X-Forwarded-For.
Answered = tuple[float, str, Head, int, str, str]


class Answers:
    """The stored pages as one worker sends them."""

    def __init__(self, store: PageStore, tell: Callable[[Answered], None], trusts: Callable[[str], bool]) -> None:
        self._store = store
        self._tell = tell
        # Whose ids of requests are taken, by address.
        self._trusts = trusts
        self._read = Heads().read
        self._date = (0, b"")
        # Nobody has to guess the id of a request; it has only to be found in the log.
        self._name, self._numbers = secrets.token_hex(4), count()

    def find(self, received: bytes, peer: str) -> tuple[bytes, int] | None:
        """Return the answer to the request that these bytes begin with, and how long it is; None if it is not ours."""
        request = self._read(received)
        if request is None or request[0].closes:
            return None
        held = self._store.held(request[0].key)
        answer = self._answer(request, held, peer) if held else None
        return (answer, request[1]) if answer else None

    def fetch(self, received: bytes, peer: str) -> tuple[bytes, Request] | None:
        """Return the answer with a page that may be on the disk only, and what it is for; runs in a thread."""
        request = self._read(received)
        held = self._store.find(request[0].key) if request else None
        answer = self._answer(request, held, peer) if request and held else None
        return (answer, request) if request and answer else None

    def _answer(self, request: Request, held: Held, peer: str) -> bytes | None:
        head, _, request_id, forwarded_for = request
        wire = (None if head.has else held.answers.get(head.form)) or _wire(held, head)
        if wire is None:
            return None
        self._store.count(held)
        now = time.time()
        second, date = self._date
        if int(now) != second:
            date = http_date(now).encode()
            self._date = (int(now), date)
        if not (request_id and self._trusts(peer)):
            request_id = f"{self._name}{next(self._numbers):08x}"
        status, before_date, before_id, after_id = wire
        self._tell((now, peer, head, status, request_id, forwarded_for))
        return b"".join((before_date, date, before_id, request_id.encode(), after_id))


def _wire(held: Held, head: Head) -> Wire | None:
    encoding = head.encoding if held.page.is_compressible else ""
    if encoding not in held.page.bodies:
        return None
    name, status = head.form, HTTPStatus.OK
    if head.has:
        found = _ONE_VALIDATOR.fullmatch(head.has)
        if found is None:
            return None
        if found[1] == held.page.validator(encoding):
            name, status = (encoding, "", head.closes), HTTPStatus.NOT_MODIFIED
    wire: Wire | None = held.answers.get(name)
    if wire is None:
        wire = held.answers[name] = make_wire(held, encoding, status, head)
    return wire


def make_wire(held: Held, encoding: str, status: HTTPStatus, head: Head) -> Wire:
    """Return an answer as Gunicorn and the application together write it."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in held.page.headers_in(encoding, status))
    body = held.page.bodies[encoding] if head.method == "GET" and status is HTTPStatus.OK else b""
    connection = "close" if head.closes else "keep-alive"
    return Wire(
        status.value,
        f"HTTP/1.1 {status.value} {status.phrase.upper()}\r\nServer: {SERVER}\r\nDate: ".encode(),
        f"\r\nConnection: {connection}\r\n{lines}X-Request-Id: ".encode("latin-1"),
        b"\r\n\r\n" + body,
    )
