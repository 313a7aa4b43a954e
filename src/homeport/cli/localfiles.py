"""The files beside a text that it shows: found by how the text refers to them."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from homeport.exchange.readers import ReadFile
from homeport.media.types import BY_EXTENSION, TEXT
from homeport.text.markdown import render
from homeport.text.urls import is_elsewhere

MOST_BYTES = 512 * 2**20


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of this machine, as a text refers to it."""

    written: str
    path: Path


def find_local_files(text: ReadFile, beside: Path) -> tuple[list[LocalFile], list[str]]:
    """Return the files that a text shows or offers, and the pictures that it shows and that are not here.

    No other texts: those are entries of their own, or nothing that was meant to be read by all.
    """
    wanted = [("image", text.post.cover)] if text.post.cover else []
    wanted += [key for key in render(text.source).references if key not in wanted]
    found: dict[str, LocalFile] = {}
    missing = []
    for kind, written in wanted:
        path = _path_of(written, beside)
        if path is None:
            continue
        if _is_here(path):
            found.setdefault(written, LocalFile(written, path))
        elif kind == "image":
            missing.append(written)
    return list(found.values()), missing


def _is_here(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size <= MOST_BYTES
    except OSError:
        # A name that no file can have.
        return False


def _path_of(written: str, beside: Path) -> Path | None:
    """Return where a relative reference leads; nothing for an address, and for what is no kind of file shown here."""
    if not written or written.startswith(("/", "#")) or is_elsewhere(written):
        return None
    try:
        path = (beside / unquote(urlsplit(written).path)).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    return path if BY_EXTENSION.get(path.suffix.lower().removeprefix("."), TEXT) is not TEXT else None
