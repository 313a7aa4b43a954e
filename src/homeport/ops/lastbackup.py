"""When the site was last backed up and last proven restorable, for those who only look.

Whoever makes archives tells it in two ways, and either is enough: the shelf that they lie on, for who shares that
folder, and the note `backup`, for who does not.
"""

from datetime import UTC, datetime
from pathlib import Path

from homeport.ops.backup.last import LastBackup
from homeport.ops.backup.shelf import Shelf
from homeport.ops.notes import BACKUP, LOG, LOG_PROOF, read_note, write_note


def last_backup(archives: Path, notes: Path) -> LastBackup:
    """Return what is known from here."""
    shelf, word = Shelf(archives).last(), read_word(notes)
    return LastBackup(
        _later(shelf.made_at, word.made_at),
        _later(shelf.proven_at, word.proven_at),
        word.failed_at,
        word.failure,
        _later(shelf.copy_made_at, word.copy_made_at),
        kept.at if (kept := read_note(notes, LOG)) else None,
        proven.at if (proven := read_note(notes, LOG_PROOF)) else None,
    )


def leave_word(notes: Path, last: LastBackup) -> None:
    """Tell those who do not see the archives; raises OSError."""
    write_note(notes, BACKUP, {**last.as_json(), "failure": last.failure}, at=datetime.now(UTC))


def read_word(notes: Path) -> LastBackup:
    """Return what `leave_word` has told."""
    note = read_note(notes, BACKUP)
    if note is None:
        return LastBackup(None, None)
    made_at, proven_at, failed_at = map(note.moment, ("made_at", "proven_at", "failed_at"))
    failure, copy_made_at = str(note.facts.get("failure", "")), note.moment("copy_made_at")
    return LastBackup(made_at, proven_at, failed_at, failure, copy_made_at)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)
