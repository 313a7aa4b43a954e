"""What a place of archives says of them: which this site has written there, which are proven, which are copied."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

NAME = re.compile(r"homeport-\d{8}T\d{6}Z(-\d+)?\.age")


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive that this site has written."""

    name: str
    made_at: datetime
    size_bytes: int
    proven_at: datetime | None = None
    copied_at: datetime | None = None
    """When it had arrived in every other place that is set."""


def read_catalogue(text: str) -> list[Archive]:
    """Return the archives of a catalogue; of one that cannot be read none, so that nothing of it is ever deleted."""
    try:
        return [_archive_from(values) for values in json.loads(text) if NAME.fullmatch(values["name"])]
    except (ValueError, KeyError, TypeError):
        return []


def write_catalogue(archives: Iterable[Archive]) -> str:
    """Return what `read_catalogue` reads."""
    return json.dumps([{**asdict(archive), **_moments_of(archive)} for archive in archives], indent=1)


def _archive_from(values: dict[str, Any]) -> Archive:
    return Archive(
        str(values["name"]),
        datetime.fromisoformat(values["made_at"]),
        int(values["size_bytes"]),
        _moment(values["proven_at"]),
        _moment(values.get("copied_at")),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _moments_of(archive: Archive) -> dict[str, str | None]:
    moments = {"made_at": archive.made_at, "proven_at": archive.proven_at, "copied_at": archive.copied_at}
    return {name: moment.isoformat() if moment else None for name, moment in moments.items()}
