"""Makes one archive of the whole site: complete under its name, or not there at all."""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from homeport import __version__
from homeport.ops.backup import belongings, databases, programs
from homeport.ops.backup.copying import copy_archives
from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.backup.keys import Keys
from homeport.ops.backup.manifest import Manifest
from homeport.ops.backup.sealing import describe_part, seal
from homeport.ops.backup.shelf import Archive, Shelf
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
    """Make an archive, copy it to where copies go, and delete those that the rule no longer keeps.

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
        if source.settings.backup.copy_folder is not None:
            copy_archives(shelf, source.settings.backup.copy_folder)
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
