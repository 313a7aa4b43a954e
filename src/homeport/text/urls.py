"""Addresses: telling what kind a target is, and writing it so that it is valid in HTML."""

import re
from functools import lru_cache
from html import unescape
from urllib.parse import urlsplit

from markdown_it.common.normalize_url import normalizeLink

from homeport.text.tags import names

SCHEMES = names(
    "http https mailto tel sms ftp ftps sftp ssh git irc ircs xmpp sip sips matrix magnet gemini gopher news nntp "
    "bitcoin geo im urn webcal tag doi feed"
)

_LONG = 2_000

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_PLAIN = re.compile(
    r"""(?:https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?:/[A-Za-z0-9._~/=&+,;:@!-]*)?(?:\?[\w./=&-]*)?
    |(?:\.\.?|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)?(?:/[A-Za-z0-9._~=&+,;:@!-]+)*/?)(?:\#[A-Za-z0-9_./=-]*)?""",
    re.VERBOSE,
)
_HOST = re.compile(r"(?!-)[^\s\x00-\x2c/:;<=>?@\[\]^`{|}~\x7f]{1,253}|\[[0-9A-Fa-f:.]+\]")
_TO_ENCODE = re.compile(r'[\s"<>\[\]\\^`{|}]')
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")


def scheme_of(target: str) -> str:
    """Return the scheme a browser would see in a target, lower case, or '' when it is relative."""
    match = _SCHEME.match(_INVISIBLE.sub("", target))
    return match.group(1).lower() if match else ""


def is_elsewhere(target: str) -> bool:
    """Tell whether a target names another server (or carries its content with it)."""
    return bool(scheme_of(target)) or target.lstrip().startswith(("//", "\\\\", "/\\", "\\/"))


def is_safe(target: str) -> bool:
    """Tell whether following a target can only fetch or open something, never run it."""
    return not (scheme := scheme_of(target)) or scheme in SCHEMES


def refused_scheme(target: str) -> str:
    """Return the scheme a target is refused for, to tell its author; '' when there is none worth telling."""
    # A definition may be used thousands of times: a message is not worth reading a long target each time.
    return "" if len(target) > _LONG or is_safe(target) else scheme_of(target)


def web_address(target: str) -> str | None:
    """Return a target as a valid URL, or None when no browser could follow it."""
    return _known_address(target) if len(target) <= _LONG else _address(target)


@lru_cache(maxsize=2048)
def _known_address(target: str) -> str | None:
    return _address(target)


def _address(target: str) -> str | None:
    return target if _PLAIN.fullmatch(target) else _rewritten(target)


def _rewritten(target: str) -> str | None:
    target = target.strip()
    try:
        address = normalizeLink(target)
        parts = urlsplit(address)
        _ = parts.port
    except (ValueError, OverflowError):
        return None
    if (parts.netloc or parts.scheme in {"http", "https"}) and not _HOST.fullmatch(_host(parts.netloc)):
        return None
    head, mark, fragment = address.partition("#")
    prefix = f"{parts.scheme}://{parts.netloc}" if parts.netloc and parts.scheme else ""
    if prefix and head.lower().startswith(prefix.lower()):
        head = head[: len(prefix)] + _encoded(head[len(prefix) :])
    else:
        head = _encoded(head)
    return head + mark + _encoded(fragment).replace("#", "%23")


def _host(netloc: str) -> str:
    host = netloc.rpartition("@")[2]
    return host if host.endswith("]") else re.sub(r":\d*$", "", host)


def _encoded(part: str) -> str:
    return _TO_ENCODE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match.group().encode()), part)


def file_name(target: str) -> str:
    """Return the last part of a target's path, to name it where it has no other name."""
    path = re.split(r"[?#]", unescape(target), maxsplit=1)[0]
    return path.rstrip("/").rpartition("/")[2] or target
