"""The folder of base backups and sealed pieces of the log: what follows what, and what nobody needs any more."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from homeport.ops import files

KEPT_BASES = 2
BASE_EVERY = timedelta(days=7)
SEALED = ".gz.age"
_SEGMENT = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})")
_BASE = re.compile(r"base-(\d{8}T\d{6}Z)-([0-9A-F]{24})\.tar\.gz\.age")
_SEGMENTS_A_FILE = 256
"""Pieces of 16 MB in what PostgreSQL calls a log file."""


@dataclass(frozen=True, slots=True, order=True)
class Base:
    """One base backup: it and the pieces from `first` on are a database at any later moment."""

    made_at: datetime
    first: str
    name: str


@dataclass(frozen=True, slots=True)
class LogFolder:
    """Where they lie, with the pieces that are not sealed yet in `spool`."""

    root: Path

    @property
    def spool(self) -> Path:
        """Where the log arrives as PostgreSQL writes it."""
        return self.root / ".spool"

    @property
    def server(self) -> Path:
        """Says of which server all of it is."""
        return self.root / ".server"

    def list_bases(self) -> list[Base]:
        """Return the base backups, the oldest first."""
        found = (_BASE.fullmatch(path.name) for path in self.root.glob("base-*"))
        return sorted(Base(_moment(each[1]), each[2], each[0]) for each in found if each)

    def list_sealed(self) -> list[str]:
        """Return the names of the sealed pieces, in order."""
        names = (path.name.removesuffix(SEALED) for path in self.root.glob(f"*{SEALED}"))
        return sorted(name for name in names if _SEGMENT.fullmatch(name))

    def list_finished(self) -> list[Path]:
        """Return the pieces that have arrived whole."""
        return sorted(path for path in self.spool.glob("*") if _SEGMENT.fullmatch(path.name))

    def chain_from(self, first: str) -> list[str]:
        """Return the sealed pieces from this one on, up to the first that is missing."""
        chain: list[str] = []
        for name in self.list_sealed():
            if name >= first:
                if chain and not follows(name, chain[-1]):
                    break
                chain.append(name)
        return chain if chain and follows(chain[0], first, may_be_same=True) else []

    def needs_base(self, now: datetime) -> bool:
        """Say whether there is no base backup from which the log is whole up to now, or an old one alone."""
        bases, sealed = self.list_bases(), self.list_sealed()
        if not bases or now - bases[-1].made_at >= BASE_EVERY:
            return True
        since = [name for name in sealed if name >= bases[-1].first]
        return bool(since) and self.chain_from(bases[-1].first) != since

    def prune(self) -> None:
        """Delete base backups that are not among the newest, and the log before the oldest that stays."""
        bases = self.list_bases()
        for base in bases[:-KEPT_BASES]:
            files.remove(self.root / base.name)
        if bases:
            oldest = bases[-KEPT_BASES:][0].first
            for name in self.list_sealed():
                if name < oldest:
                    files.remove(self.root / f"{name}{SEALED}")


def name_of_base(made_at: datetime, first: str) -> str:
    """Return the name of a base backup that needs the log from this piece on."""
    return f"base-{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{first}.tar.gz.age"


def follows(name: str, before: str, *, may_be_same: bool = False) -> bool:
    """Say whether a piece is the next one; another timeline, as after a restore, begins with a base backup."""
    step = number_of(name) - number_of(before)
    return name[:8] == before[:8] and (step == 1 or (step == 0 and may_be_same))


def number_of(name: str) -> int:
    """Return which piece it is since the log began, whatever the timeline."""
    return int(name[8:16], 16) * _SEGMENTS_A_FILE + int(name[16:24], 16)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
