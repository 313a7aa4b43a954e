"""Stored pages on disk: a file each, written whole or not at all, in a folder that may vanish at any time."""

import fcntl
import hashlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TOUCH_SECONDS = 60.0
"""How often it is noted that a file is still being used."""

ABANDONED_SECONDS = 86_400.0
"""After this long the pages of another release are not wanted back."""

SWEEP_EVERY_BYTES = 8 * 1024 * 1024
_LOCKS = 256

log = logging.getLogger("homeport.cache")


class PageFiles:
    """The pages of one form of the site, bounded in bytes; who was not asked for the longest time goes first."""

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self.folder = folder
        self._most_bytes = most_bytes
        # A new process looks at the folder with the first page it writes.
        self._written_bytes = SWEEP_EVERY_BYTES

    def read(self, key: str) -> bytes | None:
        """Return what is stored under a key."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            if time.time() - path.stat().st_mtime > TOUCH_SECONDS:
                os.utime(path)
        except OSError:
            return None
        return data

    def has(self, key: str) -> bool:
        """Say whether something is stored under a key."""
        return self._path(key).exists()

    def write(self, key: str, data: bytes) -> None:
        """Store bytes; a disk that is full or may not be written to only means that nothing is stored."""
        try:
            replace_file(self._path(key), data)
        except OSError as error:
            log.warning("a page cannot be stored: %s", error.strerror)
            return
        self._written_bytes += len(data)
        if self._written_bytes > SWEEP_EVERY_BYTES:
            self._written_bytes = 0
            self.sweep()

    def remove(self, key: str) -> None:
        """Forget what is stored under a key."""
        with suppress(OSError):
            self._path(key).unlink()

    @contextmanager
    def claim(self, key: str, seconds: float) -> Iterator[None]:
        """Make others who want to render the same page wait; they do so no longer than `seconds`."""
        path = self.folder / "locks" / f"{int(_name(key)[:8], 16) % _LOCKS:03}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            yield
            return
        try:
            _lock(descriptor, time.monotonic() + seconds)
            yield
        finally:
            os.close(descriptor)

    def sweep(self) -> None:
        """Make room, and remove the pages of forms of the site that nobody uses any more."""
        found = sorted(self._stat(), key=lambda file: file[0])
        excess = sum(size for _, size, _ in found) - self._most_bytes
        for _, size, path in found if excess > 0 else ():
            # Some more than needed, or the next page would make room again.
            if excess <= -(self._most_bytes // 10):
                break
            with suppress(OSError):
                path.unlink()
            excess -= size
        for other in self.folder.parent.iterdir():
            if other != self.folder and other.is_dir() and _age(other / "knowledge") > ABANDONED_SECONDS:
                shutil.rmtree(other, ignore_errors=True)

    def _stat(self) -> Iterator[tuple[float, int, Path]]:
        for path in self.folder.glob("pages/*/*"):
            with suppress(OSError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path

    def _path(self, key: str) -> Path:
        name = _name(key)
        return self.folder / "pages" / name[:2] / name


def replace_file(path: Path, data: bytes) -> None:
    """Write a file that others read at the same time: they see the former one or this one, and no half of it.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _lock(descriptor: int, end: float) -> None:
    while time.monotonic() < end:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(0.002)


def _name(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return float("inf")
