"""Parsers of single values of a declaration, which come as text from the environment or typed from the file."""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from homeport.ops.edge.declaration import Upstream

LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
MAIL = re.compile(r"[^@\s<>,;\"()]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
DEFAULT_PORTS = {"http": 80, "https": 443}
YES = ("true", "yes", "on", "1")
NO = ("false", "no", "off", "0")


def text(given: Any) -> str:
    """Return a piece of text as it is."""
    if not isinstance(given, str):
        raise ValueError(f"{given!r} is not text.")  # noqa: TRY004 - every fault of a value is a ValueError
    return given.strip()


def host_name(given: Any) -> str:
    """Return a name of the DNS in the form in which it goes over the wire."""
    written = text(given).lower().rstrip(".")
    try:
        name = written.encode("idna").decode() if written else ""
    except UnicodeError:
        name = ""
    if not name or len(name) > 253 or not all(LABEL.fullmatch(label) for label in name.split(".")):
        raise ValueError(f"{given!r} is not a host name such as www.example.org.")
    return name


def host_names(given: Any) -> tuple[str, ...]:
    """Return names from a list, or from text with commas between them."""
    listed = given if isinstance(given, list) else [part for part in text(given).split(",") if part.strip()]
    return tuple(dict.fromkeys(host_name(one) for one in listed))


def site_address(given: Any) -> tuple[str, bool]:
    """Return the host name of a site's address, and whether it is served with TLS."""
    written = text(given).rstrip("/")
    parts = urlsplit(written)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or written != f"{parts.scheme}://{parts.netloc}":
        raise ValueError(f"{given!r} is not an address such as https://example.org (no path).")
    if _port(parts.netloc, written) not in (None, DEFAULT_PORTS[parts.scheme]):
        raise ValueError(f"{given!r} has a port; the proxy serves 80 and 443 only.")
    return host_name(parts.hostname), parts.scheme == "https"


def upstream(given: Any) -> Upstream:
    """Return where something is passed on to."""
    written = text(given).rstrip("/")
    parts = urlsplit(written)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or written != f"{parts.scheme}://{parts.netloc}":
        raise ValueError(f"{given!r} is not an address such as http://flask-blog:5000 (no path).")
    port = _port(parts.netloc, written) or DEFAULT_PORTS[parts.scheme]
    return Upstream(parts.scheme, _upstream_host(parts.hostname), port)


def proxy_url(given: Any) -> str:
    """Return the address of the proxy's administration."""
    where = upstream(given)
    host = f"[{where.host}]" if ":" in where.host else where.host
    return f"{where.scheme}://{host}:{where.port}"


def mail_address(given: Any) -> str:
    """Return a mail address that a certificate authority can write to."""
    written = text(given).lower()
    if written and not MAIL.fullmatch(written):
        raise ValueError(f"{given!r} is not a mail address such as me@example.org.")
    return written


def switch(given: Any) -> bool:
    """Return yes or no."""
    word = str(given).lower()
    if isinstance(given, bool) or word in YES or word in NO:
        return given is True or word in YES
    raise ValueError(f"{given!r} is neither true nor false.")


def whole(least: int, most: int) -> Callable[[Any], int]:
    """Return a parser of whole numbers between two bounds."""

    def parse(given: Any) -> int:
        written = str(given)
        is_number = written.isascii() and written.isdigit()
        if not is_number or not least <= int(written) <= most:
            raise ValueError(f"{given!r} is not a whole number from {least} to {most}.")
        return int(written)

    return parse


def path(given: Any) -> Path | None:
    """Return a path, or None for empty text."""
    written = text(given)
    return Path(written).expanduser().absolute() if written else None


def readable_file(given: Any) -> Path | None:
    """Return the path of a file that is there and is not empty."""
    found = path(given)
    if found is None:
        return None
    try:
        if found.read_text(encoding="utf-8").strip():
            return found
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"cannot read {found} ({error}).") from error
    raise ValueError(f"{found} is empty; write the secret into it.")


def _upstream_host(written: str) -> str:
    try:
        return str(ipaddress.ip_address(written))
    except ValueError:
        return host_name(written)


def _port(netloc: str, written: str) -> int | None:
    if "@" in netloc:
        raise ValueError("an address with a password in it is not taken.")
    try:
        return urlsplit(written).port
    except ValueError:
        raise ValueError(f"{written!r} has no valid port.") from None
