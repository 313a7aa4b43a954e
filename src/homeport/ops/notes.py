"""What one part of the stack last did, left for the others: a small JSON file for each part, in one shared folder.

The reconciler, the backup and the site run in containers of their own and share no more than this folder: whoever has
done something writes `<name>.json` with the moment as `at`, whoever wants to know reads it. `EDGE`, `BACKUP`, `LOG` and
`LOG_PROOF` are the names in use; docs/decisions/seeing.md says what is in them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from homeport.ops.files import write_atomically

EDGE = "edge"
BACKUP = "backup"
LOG = "log"
LOG_PROOF = "logproof"
# The folder is shared by containers that need not run as the same user.
READABLE = 0o644


@dataclass(frozen=True, slots=True)
class Note:
    """What was done, and when."""

    at: datetime
    facts: Mapping[str, Any]

    def moment(self, name: str) -> datetime | None:
        """Return another moment that the note tells of, or None when it tells of none."""
        return _moment(self.facts.get(name))

    def age_seconds(self, now: datetime) -> float:
        """Return how long ago it was."""
        return (now - self.at).total_seconds()


def write_note(folder: Path, name: str, facts: Mapping[str, Any], *, at: datetime) -> None:
    """Leave a note in the place of the former one."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    text = json.dumps({**facts, "at": at.astimezone(UTC).isoformat()}, default=str, ensure_ascii=False)
    write_atomically(folder / f"{name}.json", text + "\n", mode=READABLE)


def read_note(folder: Path, name: str) -> Note | None:
    """Return the note of this name, or None when there is none that can be read."""
    try:
        facts = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    at = _moment(facts.get("at")) if isinstance(facts, dict) else None
    return None if at is None else Note(at, facts)


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
