"""What a value in the environment may look like: each function reads one kind, or says in a sentence what is wrong."""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path

MINIMUM_KEY_LENGTH = 16
THEME_FOLDERS = ("templates", "static")


def between(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number in these bounds."""

    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(f"{text!r} is not a whole number from {least} to {most}.")
        return int(text)

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    """Return what reads one of these words."""

    def parse(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"{text!r} is not one of {', '.join(words)}.")
        return text.lower()

    return parse


def secret_key(text: str) -> str:
    """Read a secret, which must not be short."""
    if text and len(text) < MINIMUM_KEY_LENGTH:
        raise ValueError(f"the secret is shorter than {MINIMUM_KEY_LENGTH} characters; make a longer one.")
    return text


def database_uri(text: str) -> str:
    """Name the driver: a bare `postgresql://` means psycopg 3 to SQLAlchemy 2.1, and psycopg2 to everyone else."""
    if not text:
        return ""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in ("postgres", "postgresql", "postgresql+psycopg2"):
        raise ValueError("not a PostgreSQL address; write postgresql://user:password@host:5432/database.")
    return f"postgresql+psycopg2://{rest}"


def libpq_uri(uri: str) -> str:
    """Return an address as psycopg2 and PostgreSQL's own programs take it, without SQLAlchemy's name of the driver."""
    return uri.replace("+psycopg2", "", 1)


def is_origin(text: str) -> bool:
    """Say whether `text` is scheme, host and maybe a port, and nothing else (RFC 6454, section 6.2)."""
    return (
        re.fullmatch(r"https?://([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(:\d{1,5})?", text.lower()) is not None
    )


def origin(text: str) -> str:
    """Read the address of a site."""
    text = text.rstrip("/").lower()
    if text and not is_origin(text):
        raise ValueError(f"{text!r} is not an address such as https://example.org (no path).")
    return text


def proxies(text: str) -> tuple[str, ...]:
    """Read addresses, networks and names of hosts."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if not _is_network(name) and not re.fullmatch(r"[A-Za-z]([A-Za-z0-9._-]*[A-Za-z0-9])?", name):
            raise ValueError(f"{name!r} is neither an address, a network such as 172.16.0.0/12, nor a host name.")
    return names


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def host(text: str) -> str:
    """Read the name of a server."""
    if not re.fullmatch(r"[A-Za-z0-9._:-]*", text):
        raise ValueError(f"{text!r} is not the name of a server.")
    return text


def is_mail_address(text: str) -> bool:
    """Say whether `text` looks like a mailbox at a host, without a display name."""
    return re.fullmatch(r"[^@\s<>,;\"()]+@[A-Za-z0-9.-]+", text) is not None


def mail_address(text: str) -> str:
    """Read a mailbox."""
    if text and not is_mail_address(text):
        raise ValueError(f"{text!r} is not a mail address such as blog@example.org.")
    return text


def path(text: str) -> Path:
    """Read a path; a relative one starts here."""
    return Path(text or ".").expanduser().absolute()


def optional_path(text: str) -> Path | None:
    """Read a path, None for nothing."""
    return path(text) if text else None


def paths(text: str) -> tuple[Path, ...]:
    """Read folders, each with a name of its own."""
    found = tuple(path(part.strip()) for part in text.split(",") if part.strip())
    names = [each.name for each in found]
    if len(set(names)) < len(names) or not all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) for name in names):
        raise ValueError("each folder needs a name of its own, of ASCII letters, digits and . _ -")
    return found


def bucket(text: str) -> str:
    """Read the name of a bucket."""
    if text and not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", text):
        raise ValueError(f"{text!r} is not the name of a bucket.")
    return text


def object_prefix(text: str) -> str:
    """Read what the names in a bucket begin with."""
    if not re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._-]*/?)*", text):
        raise ValueError(f"{text!r} is not made of ASCII letters, digits and . _ - / (not at the beginning).")
    return text


def theme(text: str) -> Path | None:
    """Read a folder with templates or style sheets, None for nothing."""
    if not text:
        return None
    found = path(text)
    if not found.is_dir():
        raise ValueError(f"{found} is not a folder.")
    if not any((found / name).is_dir() for name in THEME_FOLDERS):
        raise ValueError(f"{found} has neither a folder templates nor static; docs/themes.md shows what a theme is.")
    return found
