"""Fields of the forms about accounts, read with their bounds."""

import re
from urllib.parse import urlsplit

from flask import request

from homeport.errors import InvalidError

LONGEST = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def field(name: str, *, longest: int = LONGEST) -> str:
    """Return a one-line field without the blanks around it.

    Raises InvalidError when it is too long or holds control characters.
    """
    value = request.form.get(name, "").strip()
    if len(value) > longest:
        raise InvalidError(f"this is longer than {longest} characters: {value[:30]}…")
    if _CONTROL.search(value):
        raise InvalidError("a control character has come into a field", hint="Please type it again.")
    return value


def readable(text: str) -> str:
    """Return a text out of an address without what neither people nor the database can read."""
    return _CONTROL.sub("", text[:LONGEST]).strip()


def secret(name: str) -> str:
    """Return a field exactly as it was typed."""
    return request.form.get(name, "")


def local_path(text: str, default: str) -> str:
    """Return a path of this site to go on to, or the default for anything that could lead elsewhere."""
    is_local = text.startswith("/") and not text.startswith(("//", "/\\")) and not _CONTROL.search(text)
    if not is_local or "\\" in text:
        return default
    try:
        parts = urlsplit(text)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else text
