"""The folder of archives: which of them this site has written, which are proven, and one who works there at a time."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from homeport.errors import ConflictError, UnavailableError
from homeport.ops import files
from homeport.ops.backup.catalogue import Archive, read_catalogue, write_catalogue
from homeport.ops.backup.keeping import choose_kept
from homeport.ops.backup.last import LastBackup

SUFFIX = ".age"
UNFINISHED = ".unfinished-"
CATALOGUE = "catalogue.json"


@dataclass(frozen=True, slots=True)
class Shelf:
    """One folder of archives, which need not exist yet.

    `catalogue.json` lists what was written here, because a name alone does not show it: what is not in there is never
    deleted. It lies beside the archives, not in the database, so that it is as old as they are after a restore, and can
    be read while the database is away.
    """

    folder: Path

    def list_archives(self) -> tuple[Archive, ...]:
        """Return what was written here and is still there, the newest first."""
        found = [archive for archive in self._catalogue() if self._is_there(archive)]
        return tuple(sorted(found, key=lambda archive: archive.made_at, reverse=True))

    def last(self) -> LastBackup:
        """Return how it stands with the archives that were written here."""
        archives = self.list_archives()
        proven = [archive.proven_at for archive in archives if archive.proven_at]
        copied = [archive.made_at for archive in archives if archive.copied_at]
        return LastBackup(
            archives[0].made_at if archives else None,
            max(proven, default=None),
            copy_made_at=max(copied, default=None),
        )

    def list_strangers(self) -> tuple[Path, ...]:
        """Return the other archives in the folder."""
        own = {archive.name for archive in self.list_archives()}
        return tuple(path for path in sorted(self.folder.glob(f"*{SUFFIX}")) if path.name not in own)

    def path_of(self, archive: Archive) -> Path:
        """Return the file of an archive."""
        return self.folder / archive.name

    def new_name(self, made_at: datetime) -> str:
        """Return a name that no file here has."""
        stem = f"homeport-{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        names = (f"{stem}{SUFFIX}", *(f"{stem}-{number}{SUFFIX}" for number in range(2, 1000)))
        return next(name for name in names if not (self.folder / name).exists())

    def take_in(self, unfinished: Path, archive: Archive) -> None:
        """Give a finished file its name; only then does anybody see it."""
        # Listed first: an archive whose listing was lost in a crash would be a stranger, and stay for ever.
        self._write((*self.list_archives(), archive))
        unfinished.rename(self.path_of(archive))
        _sync(self.folder)

    def keep_by_rule(self) -> None:
        """Delete what was written here and the rule no longer keeps."""
        archives = self.list_archives()
        kept = choose_kept(archive.made_at for archive in archives)
        for archive in archives:
            if archive.made_at not in kept:
                files.remove(self.path_of(archive))
        self._write([archive for archive in archives if archive.made_at in kept])

    def mark_proven(self, proven: Archive, at: datetime) -> None:
        """Note that an archive was restored and the site on it answered."""
        self._write(
            [
                replace(archive, proven_at=at) if archive.name == proven.name else archive
                for archive in self.list_archives()
            ]
        )

    def mark_copied(self, at: datetime) -> None:
        """Note that every archive that is here is in each other place, too."""
        self._write([replace(archive, copied_at=archive.copied_at or at) for archive in self.list_archives()])

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from working in the folder, which is made if it has to be; sweep what was left unfinished.

        Raises ConflictError at once when somebody else works in it, UnavailableError when it cannot be made.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise UnavailableError(
                f"{self.folder} cannot be used for archives: {error.strerror}", hint="BACKUP_DIR names another folder."
            ) from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ConflictError(
                    f"another backup, proof or restore works in {self.folder}", hint="Wait until it has finished."
                ) from None
            for path in self.folder.glob(f"{UNFINISHED}*"):
                shutil.rmtree(path, ignore_errors=True)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """Give a private folder on the same disk, gone afterwards."""
        with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=self.folder, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def _catalogue(self) -> list[Archive]:
        try:
            return read_catalogue((self.folder / CATALOGUE).read_text(encoding="utf-8"))
        except (FileNotFoundError, PermissionError, UnicodeDecodeError):
            # Without it every archive is a stranger: listed, restorable, never deleted.
            return []

    def _is_there(self, archive: Archive) -> bool:
        try:
            return self.path_of(archive).stat().st_size == archive.size_bytes
        except FileNotFoundError:
            return False

    def _write(self, archives: Sequence[Archive]) -> None:
        files.write_atomically(self.folder / CATALOGUE, write_catalogue(archives))


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
