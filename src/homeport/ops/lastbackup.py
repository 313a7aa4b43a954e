"""When the site was last backed up and last proven restorable, for those who only look.

Whoever makes archives tells it in two ways, and either is enough: the catalogue that lies beside the archives, for who
shares their folder, and the note `backup` (`at`, `proven_at`), for who does not.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from homeport.ops.notes import BACKUP, read_note

CATALOGUE = "catalogue.json"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest archive and the newest proof; None for what has never been."""

    made_at: datetime | None
    proven_at: datetime | None


def last_backup(archives: Path, notes: Path) -> LastBackup:
    """Return what is known from here."""
    known = [*_listed(archives), *_noted(notes)]
    return LastBackup(
        max((made for made, _ in known), default=None),
        max((proven for _, proven in known if proven is not None), default=None),
    )


def _listed(archives: Path) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield the archives that are listed and still there."""
    try:
        listed = json.loads((archives / CATALOGUE).read_text(encoding="utf-8"))
        known = [
            (datetime.fromisoformat(one["made_at"]), one.get("proven_at"))
            for one in listed
            if (archives / one["name"]).exists()
        ]
        for made, proven in known:
            yield made.astimezone(UTC), datetime.fromisoformat(proven).astimezone(UTC) if proven else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # One that cannot be read lists nothing; whoever makes archives writes it anew.
        return


def _noted(notes: Path) -> Iterator[tuple[datetime, datetime | None]]:
    note = read_note(notes, BACKUP)
    if note is not None:
        yield note.at, note.moment("proven_at")
