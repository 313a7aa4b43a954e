"""Finds programs of an older PostgreSQL that the system has, for files that ours cannot read."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from homeport.errors import UnavailableError
from homeport.ops.postgres.binaries import Binaries

PLACES = (
    "/usr/lib/postgresql/{}/bin",
    "/usr/pgsql-{}/bin",
    "/opt/homebrew/opt/postgresql@{}/bin",
    "/usr/local/opt/postgresql@{}/bin",
    "/Applications/Postgres.app/Contents/Versions/{}/bin",
)


@dataclass(frozen=True, slots=True)
class SystemBinaries(Binaries):
    """An installation that is not ours: `package` is the folder of its programs."""

    @property
    def bin(self) -> Path:
        """The folder of the programs."""
        return self.package

    @property
    def major(self) -> int:
        """The major version, as the server itself says; 0 when it says nothing."""
        try:
            said = subprocess.run([self.bin / "postgres", "--version"], capture_output=True, text=True, check=False)
        except OSError:
            return 0
        found = re.search(r"(\d+)", said.stdout)
        return int(found[1]) if found else 0

    def copy_to(self, folder: Path) -> Self:  # noqa: ARG002 - the signature of what it stands for
        """Return itself: what the system has installed, every user may run."""
        return self


def find_other_binaries(major: int, folder: Path | None = None) -> Binaries:
    """Return the programs of this version, from the folder or from where systems have them.

    Raises UnavailableError when there are none.
    """
    for place in (folder,) if folder is not None else _places(major):
        binaries = SystemBinaries(place)
        if binaries.major == major:
            return binaries
    raise UnavailableError(
        f"the programs of PostgreSQL {major}, which wrote the data, are not {f'in {folder}' if folder else 'here'}",
        hint=f"Install them (Debian: postgresql-{major}), or name their folder with --programs. Or restore an archive: "
        "move the data folder away, then `homeport restore`.",
    )


def _places(major: int) -> Iterator[Path]:
    for place in PLACES:
        yield Path(place.format(major))
