"""Reads the heads of plain requests for pages; whatever is not quite plain is left to the web server's own parser.

What this takes, that takes too, and it means the same to both (RFC 9112). The reverse is not true: whoever folds lines,
ends them without a carriage return, says a thing twice or asks for a part of a page is answered the longer way.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from homeport.cache.encodings import PREFERENCE, choose_encoding
from homeport.cache.keys import page_key
from homeport.logs import is_request_id

LONGEST_PLAIN_HEAD = 8000
MOST_REMEMBERED = 512
MOST_FIELDS = 60

_HEAD = re.compile(rb"(GET|HEAD) (/(?:[!\"$-.0-~][!\"$-~]*+)?+) HTTP/1\.1\r\n((?:[A-Za-z0-9-]++:[\t -~]*+\r\n)++)\r\n")
_HOST = re.compile(rb"[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?")
# What an edge writes into each request anew. None of it changes what is answered.
_EACH_TIME = re.compile(rb"(\r\n[Xx]-(?:[Ff]orwarded-[Ff]or|[Rr]eal-[Ii][Pp]|[Rr]equest-[Ii][Dd]): )([ -~]*+)(?=\r\n)")

_USED = frozenset({b"host", b"accept-encoding", b"if-none-match", b"connection", b"x-forwarded-for", b"x-request-id"})
_CHANGES_THE_ANSWER = frozenset(
    {
        b"content-length", b"content-type", b"expect", b"forwarded", b"http2-settings", b"if-match",
        b"if-modified-since", b"if-range", b"if-unmodified-since", b"keep-alive", b"proxy-authorization",
        b"proxy-connection", b"range", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"x-http-method-override",
    }
)  # fmt: skip


@dataclass(eq=False, slots=True)
class Head:
    """What many requests ask for alike."""

    key: str
    target: str
    method: str
    encoding: str
    """The one that is liked best of those that are accepted."""

    has: str
    """The value of If-None-Match."""

    closes: bool
    """Whether this is the last request of its connection."""

    form: tuple[str, str, bool] = field(init=False)
    """Which of a page's answers it is, unless the client has it already."""

    def __post_init__(self) -> None:
        self.form = (self.encoding, self.method, self.closes)


# What it asks for, how many of the bytes it is, the id that it brings if that is one, and X-Forwarded-For. A
# plain tuple: to make one with names takes as long as to look for a head.
Request = tuple[Head, int, str, str]


class Heads:
    """Reads heads, and remembers those that come again as they were but for what differs each time."""

    def __init__(self) -> None:
        # Each with the places of X-Request-Id and X-Forwarded-For among what differs.
        self._remembered: dict[bytes, tuple[Head, int, int]] = {}

    def read(self, received: bytes) -> Request | None:
        """Return the request that these bytes begin with, if it is a plain one."""
        if len(received) > LONGEST_PLAIN_HEAD:
            return _read(received)
        parts = _EACH_TIME.split(received)
        values = parts[2::3]
        # Their names stay, and with them how often each is there.
        del parts[2::3]
        lasting = b"".join(parts)
        known = self._remembered.get(lasting)
        if known is None:
            return self._read_and_remember(received, lasting, parts[1::2])
        head, id_place, client_place = known
        given = values[id_place].strip().decode() if id_place >= 0 else ""
        client = values[client_place].strip().decode() if client_place >= 0 else ""
        return head, len(received), given if given and is_request_id(given) else "", client

    def _read_and_remember(self, received: bytes, lasting: bytes, names: list[bytes]) -> Request | None:
        request = _read(received)
        if request is None:
            return None
        head, length, request_id, client = request
        if length != len(received):
            return request
        id_place, client_place = _place(b"x-request-id", names), _place(b"x-forwarded-for", names)
        # Unless one of them is there in another form, which is not looked for each time.
        if (id_place >= 0 or not request_id) and (client_place >= 0 or not client):
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[lasting] = (head, id_place, client_place)
        return request


def _place(name: bytes, names: list[bytes]) -> int:
    """Return which of these lines has this name, -1 if none has."""
    return next((place for place, line in enumerate(names) if line.strip(b"\r\n: ").lower() == name), -1)


def _read(received: bytes) -> Request | None:
    found = _HEAD.match(received, 0, LONGEST_PLAIN_HEAD)
    if found is None:
        return None
    method, target, fields = found.groups()
    used = _fields(fields)
    if used is None or not _HOST.fullmatch(used.get("host", "").encode()):
        return None
    connection = used.get("connection", "keep-alive").lower()
    if connection not in ("keep-alive", "close"):
        return None
    key = _key(target)
    if key is None:
        return None
    given = used.get("x-request-id", "")
    head = Head(
        key=key,
        target=target.decode(),
        method=method.decode(),
        encoding=_best_encoding(used.get("accept-encoding", "")),
        has=used.get("if-none-match", ""),
        closes=connection == "close",
    )
    return head, found.end(), given if is_request_id(given) else "", used.get("x-forwarded-for", "")


def _fields(lines: bytes) -> dict[str, str] | None:
    """Return the fields that count here; None when there is one that may change the answer in another way."""
    used: dict[str, str] = {}
    rest = lines.split(b"\r\n")
    if len(rest) > MOST_FIELDS:
        return None
    for line in rest:
        name, _, value = line.partition(b":")
        use = _use_of(name)
        if use is None or use in used:
            return None
        if use:
            used[use] = value.strip(b" \t").decode()
    return used


@lru_cache(maxsize=256)
def _use_of(name: bytes) -> str | None:
    """Return as what a field counts: empty if it does not, None if it may change the answer."""
    name = name.lower()
    if name in _CHANGES_THE_ANSWER:
        return None
    return name.decode() if name in _USED else ""


@lru_cache(maxsize=256)
def _best_encoding(accepted: str) -> str:
    return choose_encoding(accepted, PREFERENCE)


def _key(target: bytes) -> str | None:
    path, _, query = target.partition(b"?")
    if b"%" in path:
        path = unquote_to_bytes(path)
    return page_key(path.decode("latin-1"), query.decode())
