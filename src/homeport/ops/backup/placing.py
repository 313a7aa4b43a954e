"""Puts what an archive holds beside the database to where it belongs: settings, secrets, the folders of the proxy."""

import shutil
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from homeport.ops import files
from homeport.ops.backup import belongings
from homeport.ops.backup.errors import OccupiedDatabaseError


@dataclass(frozen=True, slots=True)
class Places:
    """Where that is; the folders must be empty or not there yet."""

    files: Path | None = None
    """A folder for all of it, to look at."""

    folders: Sequence[Path] = ()
    """The folders that were archived, such as the proxy's: each gets back what one of the same name held."""

    key: Path | None = None
    """Where the site looks for its signing key, unless it is given one otherwise; one that is there stays."""

    def refuse_filled(self) -> None:
        """Raise OccupiedDatabaseError when there is something already."""
        if self.files is not None and _has_content(self.files):
            raise OccupiedDatabaseError(f"{self.files} is not empty", hint="Name a folder that does not exist yet.")
        for folder in self.folders:
            if _has_content(folder):
                raise OccupiedDatabaseError(
                    f"{folder} is not empty", hint="A proxy that has started there has to go first, with its volumes."
                )

    @contextmanager
    def filled(self, workshop: Path) -> Iterator[None]:
        """Fill them from the parts in the workshop; when the block fails, the folders are empty again."""
        try:
            if self.key is not None and not self.key.exists():
                _place_key(workshop, self.key)
            for folder in self.folders:
                _unpack(workshop / belongings.FOLDERS / f"{folder.name}.tar", folder)
            if self.files is not None:
                _copy_all(workshop, self.files)
            yield
        except BaseException:
            for folder in self.folders:
                _empty(folder)
            raise


def _has_content(folder: Path) -> bool:
    return folder.exists() and any(folder.iterdir())


def _place_key(workshop: Path, place: Path) -> None:
    key = workshop / belongings.SECRETS / "FLASK_KEY"
    if key.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy(key, place)


def _unpack(packed: Path, folder: Path) -> None:
    """Unpack one folder with owners, modes and links; one that the archive does not have stays empty."""
    if packed.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tarfile.open(packed) as tar:
            tar.extractall(folder, numeric_owner=True, filter="tar")


def _copy_all(workshop: Path, into: Path) -> None:
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (belongings.SETTINGS, belongings.DECLARATION, belongings.SECRETS, belongings.FOLDERS):
        if (workshop / name).is_dir():
            shutil.copytree(workshop / name, into / name)
        elif (workshop / name).exists():
            shutil.copy(workshop / name, into / name)


def _empty(folder: Path) -> None:
    # The folder itself may be where a volume is mounted.
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            files.remove(path)
