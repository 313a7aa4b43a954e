"""Reads the heads of plain requests for pages; whatever is not quite plain is left to the web server's own parser.

What this takes, that takes too, and it means the same to both (RFC 9112). The reverse is not true: whoever folds lines,
ends them without a carriage return, says a thing twice or asks for a part of a page is answered the longer way.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from homeport.cache.keys import page_key
from homeport.logs import is_request_id

LONGEST_PLAIN_HEAD = 8000
MOST_REMEMBERED = 512
MOST_FIELDS = 60

_HEAD = re.compile(rb"(GET|HEAD) (/(?:[!\"$-.0-~][!\"$-~]*)?) HTTP/1\.1\r\n((?:[A-Za-z0-9-]+:[ \t]*[\t -~]*\r\n)+)\r\n")
_HOST = re.compile(rb"[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?")

_USED = frozenset({b"host", b"accept-encoding", b"if-none-match", b"connection", b"x-forwarded-for", b"x-request-id"})
_CHANGES_THE_ANSWER = frozenset(
    {
        b"content-length", b"content-type", b"expect", b"forwarded", b"http2-settings", b"if-match",
        b"if-modified-since", b"if-range", b"if-unmodified-since", b"keep-alive", b"proxy-authorization",
        b"proxy-connection", b"range", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"x-http-method-override",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """What a request asks for."""

    length: int
    key: str
    target: str
    method: str
    accepts: str
    has: str
    """The value of If-None-Match."""

    request_id: str
    forwarded_for: str


class Heads:
    """Reads heads, and remembers those that come again as they were."""

    def __init__(self) -> None:
        self._remembered: dict[bytes, Head] = {}

    def read(self, received: bytes) -> Head | None:
        """Return the request that these bytes begin with, if it is a plain one."""
        head = self._remembered.get(received)
        if head is None:
            head = _read(received)
            if head is not None and head.length == len(received):
                if len(self._remembered) >= MOST_REMEMBERED:
                    self._remembered.clear()
                self._remembered[received] = head
        return head


def _read(received: bytes) -> Head | None:
    found = _HEAD.match(received, 0, LONGEST_PLAIN_HEAD)
    if found is None:
        return None
    method, target, fields = found.groups()
    used = _fields(fields)
    if used is None or not _HOST.fullmatch(used.get("host", "").encode()):
        return None
    if used.get("connection", "keep-alive").lower() != "keep-alive":
        return None
    key = _key(target)
    if key is None:
        return None
    given = used.get("x-request-id", "")
    return Head(
        length=found.end(),
        key=key,
        target=target.decode(),
        method=method.decode(),
        accepts=used.get("accept-encoding", ""),
        has=used.get("if-none-match", ""),
        request_id=given if is_request_id(given) else "",
        forwarded_for=used.get("x-forwarded-for", ""),
    )


def _fields(lines: bytes) -> dict[str, str] | None:
    """Return the fields that count here; None when there is one that may change the answer in another way."""
    used: dict[str, str] = {}
    rest = lines.split(b"\r\n")
    if len(rest) > MOST_FIELDS:
        return None
    for line in rest:
        name, _, value = line.partition(b":")
        name = name.lower()
        if name in _USED:
            text = name.decode()
            if text in used:
                return None
            used[text] = value.strip(b" \t").decode()
        elif name in _CHANGES_THE_ANSWER:
            return None
    return used


def _key(target: bytes) -> str | None:
    path, _, query = target.partition(b"?")
    if b"%" in path:
        path = unquote_to_bytes(path)
    return page_key(path.decode("latin-1"), query.decode())
