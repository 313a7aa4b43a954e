"""Which file of an export has what: where it was when it came in, as long as nothing else is there."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from homeport.exchange.tree import is_ignored_folder, printable

MANIFEST = "homeport.json"
MAX_NAME_BYTES = 240


@dataclass(slots=True)
class Layout:
    """The paths of an export that are taken; two paths that differ in case alone would be one file on some systems."""

    _files: set[str] = field(default_factory=lambda: {MANIFEST})
    _folders: set[str] = field(default_factory=set)

    def claim(self, path: str) -> bool:
        """Take a path for a file; say whether it was free and such that every file system takes it."""
        if not is_plain_path(path):
            return False
        plain = path.casefold()
        folders = set(_folders_of(plain))
        if plain in self._files or plain in self._folders or folders & self._files:
            return False
        self._files.add(plain)
        self._folders |= folders
        return True

    def claim_first_free(self, folder: str, stem: str, ending: str) -> str:
        """Take the path with this name, or with the first number behind it that makes it free; return it."""
        number = 1
        while not self.claim(path := f"{folder}/{stem}{f'-{number}' if number > 1 else ''}{ending}"):
            number += 1
        return path


def is_plain_path(path: str) -> bool:
    """Say whether a path stays inside its folder, can be stored everywhere, and is found again by an import."""
    parts = path.split("/")
    return (
        path == printable(path)
        and "\\" not in path
        and all(part not in ("", ".", "..") and len(part.encode()) <= MAX_NAME_BYTES for part in parts)
        and not any(is_ignored_folder(part) for part in parts)
        and len(path.encode()) <= 4 * MAX_NAME_BYTES
    )


def place_as_written(target: str, file: str) -> str:
    """Return the path at which a text in `file` would find the file that it calls `target`."""
    path = unquote(target.partition("#")[0].partition("?")[0])
    return (
        path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
    )


def _folders_of(path: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
