"""When the site was last backed up and last proven restorable, for those who only look.

Whoever makes archives tells it in two ways, and either is enough: the shelf that they lie on, for who shares that
folder, and the note `backup` (`at`, `proven_at`), for who does not.
"""

from datetime import datetime
from pathlib import Path

from homeport.ops.backup.last import LastBackup
from homeport.ops.backup.shelf import Shelf
from homeport.ops.notes import BACKUP, read_note


def last_backup(archives: Path, notes: Path) -> LastBackup:
    """Return what is known from here."""
    shelf, note = Shelf(archives).last(), read_note(notes, BACKUP)
    if note is None:
        return shelf
    return LastBackup(_later(shelf.made_at, note.at), _later(shelf.proven_at, note.moment("proven_at")))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)
