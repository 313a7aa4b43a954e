"""From the bytes of one file to its front matter, its Markdown, and what both say about the entry."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from homeport.exchange import pelican
from homeport.exchange.description import Describer
from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.fields import Fields
from homeport.exchange.jekyll_defaults import defaults_for
from homeport.exchange.losses import Losses
from homeport.exchange.notices import FileRefusedError, Notice
from homeport.exchange.post import ImportedPost
from homeport.text import frontmatter

MAX_FILE_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file read: what it says, its two parts, and what its author should know."""

    post: ImportedPost
    front_matter: str
    source: str
    warnings: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    front_matter: str
    source: str
    fields: Fields


def digest_of(data: bytes) -> str:
    """Return the digest by which a file's bytes are known again."""
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes) -> str:
    """Return a file's text.

    Raises FileRefusedError for zero bytes and for anything that is not UTF-8.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefusedError("is UTF-16; save it as UTF-8")
    if b"\x00" in data:
        line = data.count(b"\n", 0, data.index(b"\x00")) + 1
        raise FileRefusedError("has zero bytes, so it is not a text", line=line)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefusedError("is not UTF-8; save it as UTF-8", line=line) from None


def read_file(path: str, data: bytes, origin: Origin, zone: ZoneInfo, fallback_date: datetime | None) -> ReadFile:
    """Read one file; `fallback_date` dates a text that says nothing about its date.

    Raises FileRefusedError with the reason and, where it is known, the line.
    """
    parts = _split(decode(data), origin, defaults_for(path, origin))
    describer = Describer(path, parts.fields, parts.source, origin, zone, fallback_date)
    post = describer.describe(digest_of(data), parts.front_matter)
    warnings = (*describer.warnings, *Losses(parts.fields, post).notices())
    return ReadFile(post, parts.front_matter, parts.source, warnings)


def _split(text: str, origin: Origin, defaults: dict[str, Any]) -> _Parts:
    if origin.dialect == Dialect.PELICAN:
        block, values, body = pelican.split_metadata(text)
        if block:
            return _Parts(block, body, Fields(values, block))
    try:
        front = frontmatter.split(text)
    except frontmatter.FrontMatterError as error:
        reason = str(error).removeprefix(f"line {error.line}: ")
        raise FileRefusedError(f"the front matter cannot be read: {reason}", line=error.line) from error
    return _Parts(front.block, front.body, Fields(front.data | _unsaid(defaults, front.data), front.block))


def _unsaid(defaults: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in defaults.items() if key not in said}
