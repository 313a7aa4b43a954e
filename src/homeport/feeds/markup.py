"""Writes XML from text that may hold anything, so that no title can break a feed."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'

# Everything outside the production `Char` of XML 1.0: not even an escape may stand for these.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_NONCHARACTERS = "\ufffe".encode(), "\uffff".encode()


def clean(text: str) -> str:
    """Return the text without the characters that XML forbids."""
    return text if text.isprintable() or _is_clean(text) else _FORBIDDEN.sub("", text)


def _is_clean(text: str) -> bool:
    # Nearly all texts are, and bytes are looked through many times as fast as by an expression: a feed has 200 KB.
    try:
        written = text.encode()
    except UnicodeEncodeError:
        return False
    has_controls = len(written.translate(None, _CONTROLS)) < len(written)
    return not (has_controls or _NONCHARACTERS[0] in written or _NONCHARACTERS[1] in written)


def element(name: str, text: str = "", **attributes: str) -> str:
    """Return an element that holds text; `_` in an attribute's name stands for `:`, as in `xml_lang`."""
    return f"<{name}{_attributes(attributes)}>{escape(clean(text))}</{name}>"


def empty(name: str, **attributes: str) -> str:
    """Return an element without content."""
    return f"<{name}{_attributes(attributes)}/>"


def wrap(name: str, children: Iterable[str], **attributes: str) -> str:
    """Return an element that holds other elements, one a line."""
    return "\n".join((f"<{name}{_attributes(attributes)}>", *children, f"</{name}>"))


def stamp(moment: datetime) -> str:
    """Return a moment as RFC 3339 writes it, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f" {name.replace('_', ':')}={quoteattr(clean(value))}" for name, value in attributes.items())
