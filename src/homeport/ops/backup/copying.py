"""A second place for archives, such as another disk: each is there whole or not at all."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.backup.shelf import Shelf


def copy_archives(shelf: Shelf, folder: Path) -> None:
    """Copy what is not in the folder yet; raises BackupFailedError.

    The rule decides there by itself what is deleted, so that a shelf that was lost takes no copies with it.
    """
    copies = Shelf(folder)
    try:
        with copies.held(), copies.workshop() as workshop:
            there = {archive.name for archive in copies.list_archives()}
            for archive in shelf.list_archives():
                if archive.name not in there:
                    unfinished = workshop / archive.name
                    _copy(shelf.path_of(archive), unfinished)
                    copies.take_in(unfinished, archive)
            copies.keep_by_rule()
    except OSError as error:
        raise BackupFailedError(
            f"the archive is in {shelf.folder}, but could not be copied to {folder}: {error.strerror}"
        ) from error


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("rb") as file:
        # Some network folders have neither modes nor a way to be asked to write.
        with suppress(OSError):
            target.chmod(0o600)
        os.fsync(file.fileno())
