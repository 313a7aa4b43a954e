"""A folder of somebody else's files, walked and read so that nothing in it can hang, leave or overfill the import."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from homeport.exchange.notices import FileRefusedError, Notice

MAX_DEPTH = 40
IGNORED_FOLDERS = frozenset({"node_modules", "__pycache__", "_site", "vendor", "target"})


@dataclass(frozen=True, slots=True)
class Tree:
    """The regular files beneath `root` by their path in it (with slashes), and what was left out and why."""

    root: Path
    files: Mapping[str, Path]
    refused: tuple[Notice, ...]

    def read(self, path: str, max_bytes: int) -> bytes:
        """Return the bytes of a file.

        Raises FileRefusedError when it is too large, not a regular file any more, or unreadable.
        """
        try:
            return _read_regular(self.files[path], max_bytes)
        except OSError as error:
            raise FileRefusedError(f"cannot be read: {error.strerror or error}") from error


def walk(root: Path) -> Tree:
    """Find every regular file beneath `root`; links are followed only to files that are beneath it too."""
    real_root = root.resolve()
    files: dict[str, Path] = {}
    refused: list[Notice] = []
    for path, outcome in _walk(real_root):
        if isinstance(outcome, str):
            refused.append(Notice(printable(path), None, outcome))
        else:
            files[path] = outcome
    return Tree(real_root, files, tuple(refused))


def printable(path: str) -> str:
    """Return the path in characters that a terminal, JSON and the database all take."""
    text = path.encode("utf-8", "backslashreplace").decode("utf-8")
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in text)


def _walk(root: Path) -> Iterator[tuple[str, Path | str]]:
    """Yield each file's path with where it is, or with the reason why it is left out, in a stable order."""
    waiting = [("", root)]
    while waiting:
        prefix, folder = waiting.pop()
        try:
            children = sorted(os.scandir(folder), key=lambda child: child.name)
        except OSError as error:
            yield prefix or ".", f"cannot be read: {error.strerror or error}"
            continue
        folders = []
        for child in children:
            path = f"{prefix}/{child.name}" if prefix else child.name
            if child.is_dir(follow_symlinks=False):
                if is_ignored_folder(child.name):
                    continue
                if path.count("/") >= MAX_DEPTH:
                    yield path, f"the folder is nested more than {MAX_DEPTH} levels deep"
                    continue
                folders.append((path, Path(child.path)))
            elif not child.name.startswith("."):
                yield path, _inspect(root, child, path)
        waiting.extend(reversed(folders))


def is_ignored_folder(name: str) -> bool:
    """Say whether a folder holds tools' files and never an author's: version control, packages, finished sites."""
    return name.startswith(".") or name in IGNORED_FOLDERS


def _inspect(root: Path, child: os.DirEntry[str], path: str) -> Path | str:
    """Return where the file is, or why it is left out."""
    if path != printable(path):
        return "its name has characters that cannot be stored"
    try:
        if child.is_symlink():
            return _follow(root, Path(child.path))
        if not child.is_file(follow_symlinks=False):
            return "is not a regular file"
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    return Path(child.path)


def _follow(root: Path, link: Path) -> Path | str:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return "is a link that leads nowhere"
    if not target.is_relative_to(root):
        return "is a link that leads out of the folder"
    if not stat.S_ISREG(target.stat().st_mode):
        return "is a link to something that is not a regular file; links to folders are not followed"
    return target


def _read_regular(path: Path, max_bytes: int) -> bytes:
    # O_NONBLOCK: opening a FIFO that took the file's place since the walk must not wait for a writer.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise FileRefusedError("is not a regular file")
        if state.st_size > max_bytes:
            raise FileRefusedError(f"is {_megabytes(state.st_size)}; at most {_megabytes(max_bytes)} are taken")
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise FileRefusedError(f"is longer than {_megabytes(max_bytes)}")
    return data


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.1f} MB"
