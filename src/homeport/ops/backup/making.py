"""Makes one archive of the whole site: complete under its name, or not there at all."""

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from homeport import __version__
from homeport.errors import HomeportError
from homeport.ops.backup import belongings, databases, programs
from homeport.ops.backup.bucket.copying import copy_to_bucket
from homeport.ops.backup.bucket.store import bucket_of
from homeport.ops.backup.catalogue import Archive
from homeport.ops.backup.copying import copy_archives
from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.backup.keys import Keys
from homeport.ops.backup.manifest import Manifest
from homeport.ops.backup.sealing import describe_part, seal
from homeport.ops.backup.shelf import Shelf
from homeport.ops.folder import DataFolder
from homeport.settings import Settings

DATABASE = "database.dump"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Source:
    """What is archived: the database at `uri`, the surroundings of the site, and where archives go."""

    uri: str
    settings: Settings
    environment: Mapping[str, str]

    @property
    def shelf(self) -> Shelf:
        """The folder of archives."""
        return Shelf(self.settings.backup.folder)

    @property
    def keys(self) -> Keys:
        """The keys of this installation."""
        return keys_of(self.settings)


def source_of(settings: Settings) -> Source:
    """Return the site whose process this is: what is set in its surroundings is its settings."""
    return Source(settings.db.uri, settings, os.environ)


def keys_of(settings: Settings) -> Keys:
    """Return the keys of an installation."""
    return Keys(settings.paths.data / "secrets")


def make_backup(source: Source) -> Archive:
    """Make an archive, and copy it to where copies go; raises BackupFailedError."""
    archive = make_archive(source)
    copy_elsewhere(source)
    return archive


def copy_elsewhere(source: Source) -> None:
    """Copy what the other places do not have yet, each of them whatever becomes of the others.

    Raises BackupFailedError at the end, and never touches the archives here.
    """
    backup, failures = source.settings.backup, []
    places: list[Callable[[Shelf], None]] = []
    if backup.copy_folder is not None:
        places.append(partial(copy_archives, folder=backup.copy_folder))
    if backup.bucket.name:
        places.append(partial(_copy_to_bucket, settings=source.settings))
    with source.shelf.held():
        for copy in places:
            try:
                copy(source.shelf)
            except HomeportError as error:
                failures.append(error)
        if failures:
            raise failures[0]
        if places:
            source.shelf.mark_copied(datetime.now(UTC))


def _copy_to_bucket(shelf: Shelf, settings: Settings) -> None:
    bucket = bucket_of(settings.backup.bucket, settings.paths.data)
    if bucket is not None:
        copy_to_bucket(shelf, bucket)


def make_archive(source: Source) -> Archive:
    """Make an archive, and delete those that the rule no longer keeps.

    Raises BackupFailedError, and leaves nothing unfinished behind.
    """
    shelf = source.shelf
    with shelf.held(), room_in(shelf.folder), shelf.workshop() as workshop:
        described = _collect(source, workshop)
        unfinished = workshop / "archive"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            seal(file, workshop, described, source.keys.recipients())
            file.flush()
            os.fsync(file.fileno())
        archive = Archive(shelf.new_name(described.made_at), described.made_at, unfinished.stat().st_size)
        shelf.take_in(unfinished, archive)
        shelf.keep_by_rule()
    return archive


def _collect(source: Source, workshop: Path) -> Manifest:
    """Write all parts into the workshop, and say what they are."""
    with databases.snapshot(source.uri) as seen:
        programs.dump(source.uri, workshop / DATABASE, snapshot=seen.name, server_major=seen.server_major)
    names = [
        DATABASE,
        *belongings.store_settings(source.environment, DataFolder(source.settings.paths.data), workshop),
        *belongings.store_declaration(source.environment, workshop),
        *belongings.store_folders(source.settings.backup.include, workshop),
    ]
    return Manifest(
        made_at=seen.taken_at,
        release=__version__,
        schema=seen.schema,
        oldest_release=seen.oldest_release,
        server_major=seen.server_major,
        counts=seen.counts,
        parts=tuple(describe_part(workshop, name) for name in names),
    )


@contextmanager
def room_in(folder: Path) -> Iterator[None]:
    """Say in a sentence that the disk is full, should it be."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise BackupFailedError(
            f"there is no room for the archive in {folder}",
            hint="It needs about twice the size of the archive before; BACKUP_DIR names another folder.",
        ) from error
