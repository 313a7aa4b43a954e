"""Copies of media on this host, so that serving a file costs no database: a folder that may vanish at any time."""

import json
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import brotli

from homeport.media.store import StoredMedia
from homeport.media.types import SVG
from homeport.settings import PathSettings

PACKED_TYPES = frozenset({SVG.content_type})
PACKING_QUALITY = 9

log = logging.getLogger("homeport.media")


@dataclass(frozen=True, slots=True)
class CachedFile:
    """A copy on disk that is whole, with what has to be said about it."""

    path: Path
    name: str
    content_type: str

    @property
    def packed_path(self) -> Path:
        """Return where the same bytes are compressed, for the types that gain by it."""
        return self.path.with_suffix(".br")


def media_cache(paths: PathSettings) -> "CacheFolder":
    """Return this host's copies."""
    return CacheFolder(paths.cache / "media")


class CacheFolder:
    """Files by hash, each with a note beside it that is written last: no note, no file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, digest: str) -> CachedFile | None:
        """Return the copy of a file, if there is one and nothing of it is missing."""
        path = self._path(digest)
        try:
            note = json.loads(path.with_suffix(".json").read_bytes())
            is_whole = path.stat().st_size == note["size_bytes"]
            return CachedFile(path, note["name"], note["content_type"]) if is_whole else None
        except (OSError, ValueError, KeyError, TypeError):
            # Whatever is wrong with a copy, the original is elsewhere.
            return None

    def add(self, stored: StoredMedia) -> CachedFile | None:
        """Keep a copy; returns None where the disk is full or may not be written to."""
        path = self._path(stored.hash)
        note = {"name": stored.name, "content_type": stored.content_type, "size_bytes": len(stored.data)}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, stored.data)
            if stored.content_type in PACKED_TYPES:
                _write(path.with_suffix(".br"), brotli.compress(stored.data, quality=PACKING_QUALITY))
            _write(path.with_suffix(".json"), json.dumps(note).encode())
        except OSError as error:
            log.warning("media is served from the database, as the cache cannot be written: %s", error)
            return None
        return CachedFile(path, stored.name, stored.content_type)

    def find_variant(self, digest: str, name: str, *, size_bytes: int | None = None) -> Path | None:
        """Return where a form of a picture is; it is whole, and of this size if one is given."""
        path = self._variant_path(digest, name)
        try:
            found_bytes = path.stat().st_size
        except OSError:
            return None
        return path if size_bytes in (None, found_bytes) else None

    def add_variant(self, digest: str, name: str, made: Path) -> None:
        """Take over a finished file from within this folder."""
        path = self._variant_path(digest, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        made.replace(path)

    def forget(self, digest: str) -> None:
        """Remove the copies of a file that is gone, and of its forms."""
        path = self._path(digest)
        for copy in [path, *path.parent.glob(f"{digest}[.-]*")]:
            copy.unlink(missing_ok=True)

    def _variant_path(self, digest: str, name: str) -> Path:
        return self.folder / digest[:2] / f"{digest}-{name}"

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest


def _write(path: Path, data: bytes) -> None:
    """Write all or nothing, also when two processes do so at once or the power fails."""
    descriptor, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
