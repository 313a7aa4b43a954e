"""A stored page: its headers, its bytes in each encoding that somebody has asked for, and what it depends on."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from http import HTTPStatus
from math import inf
from typing import Any

from homeport.cache.revision import Tag

Headers = tuple[tuple[str, str], ...]

OF_THE_BODY = frozenset({"content-type", "content-length", "content-encoding"})
"""What says something of bytes that a 304 does not bring."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class StoredPage:
    """One page; `headers` are those of its uncompressed form, in the order in which they are sent."""

    key: str
    tag: Tag
    etag: str
    headers: Headers
    bodies: Mapping[str, bytes]
    """By encoding; the empty name, which is always there, is the page as it is."""

    is_compressible: bool = True
    best: tuple[str, ...] = field(default=())
    """The encodings that cannot be made any smaller."""

    @property
    def size_bytes(self) -> int:
        """Return how much memory it takes, more or less."""
        return sum(map(len, self.bodies.values())) + 2048

    def validator(self, encoding: str) -> str:
        """Return the strong ETag of the page in an encoding, with its quotes."""
        return f'"{self.etag}-{encoding}"' if encoding else f'"{self.etag}"'

    def headers_in(self, encoding: str, status: HTTPStatus = HTTPStatus.OK) -> list[tuple[str, str]]:
        """Return the headers of an answer."""
        sent: list[tuple[str, str]] = []
        for name, value in self.headers:
            lower = name.lower()
            if status is HTTPStatus.NOT_MODIFIED and lower in OF_THE_BODY:
                continue
            if lower == "etag":
                sent.append((name, self.validator(encoding)))
                if encoding and status is HTTPStatus.OK:
                    sent.append(("Content-Encoding", encoding))
            elif lower == "content-length":
                sent.append((name, str(len(self.bodies[encoding]))))
            else:
                sent.append((name, value))
        return sent

    def with_body(self, encoding: str, body: bytes, *, is_best: bool = False) -> "StoredPage":
        """Return the page with one more encoding, or with a better form of it."""
        best = (*self.best, encoding) if is_best else self.best
        return replace(self, bodies={**self.bodies, encoding: body}, best=best)

    def pack(self) -> bytes:
        """Return the page as the bytes of one file."""
        head = {
            "format": _FORMAT,
            "key": self.key,
            "tag": asdict(self.tag) | {"until": None if self.tag.until == inf else self.tag.until},
            "etag": self.etag,
            "headers": self.headers,
            "is_compressible": self.is_compressible,
            "best": self.best,
            "sizes": {name: len(body) for name, body in self.bodies.items()},
        }
        return b"\n".join((json.dumps(head).encode(), b"".join(self.bodies.values())))

    @classmethod
    def unpack(cls, data: bytes, key: str) -> "StoredPage | None":
        """Return the page that a file has, or None when it is another one's, of another release, or not whole."""
        line, _, rest = data.partition(b"\n")
        try:
            head = json.loads(line)
            if head["format"] != _FORMAT or head["key"] != key or len(rest) != sum(head["sizes"].values()):
                return None
            return _page(head, rest)
        except (ValueError, KeyError, TypeError):
            return None


def _page(head: Any, rest: bytes) -> StoredPage:
    bodies, at = {}, 0
    for name, size in head["sizes"].items():
        bodies[name] = rest[at : at + size]
        at += size
    tag = head["tag"]
    return StoredPage(
        key=head["key"],
        tag=Tag(
            origin=tag["origin"],
            revision=tag["revision"],
            keys=None if tag["keys"] is None else tuple(tag["keys"]),
            until=inf if tag["until"] is None else tag["until"],
        ),
        etag=head["etag"],
        headers=tuple((name, value) for name, value in head["headers"]),
        bodies=bodies,
        is_compressible=head["is_compressible"],
        best=tuple(head["best"]),
    )
