"""Where things lie in the data folder, so that no two modules spell the same path."""

from dataclasses import dataclass
from pathlib import Path

from homeport.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder that holds everything one installation keeps on this host."""

    root: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own files."""
        return self.root / "postgres"

    @property
    def sockets(self) -> Path:
        """PostgreSQL's socket, where its path is short enough."""
        return self.root / "socket"

    @property
    def run(self) -> Path:
        """What is true of the running site only."""
        return self.root / "run"

    @property
    def logs(self) -> Path:
        """Log files of a site that runs in the background, and of PostgreSQL."""
        return self.root / "logs"

    @property
    def notes(self) -> Path:
        """What each part of the stack last did, for the others (`ops/notes.py`)."""
        return self.root / "notes"

    @property
    def site_log(self) -> Path:
        """What the site in the background says."""
        return self.logs / "homeport.log"

    @property
    def database_log(self) -> Path:
        """What PostgreSQL says."""
        return self.logs / "postgres.log"

    @property
    def secret_key(self) -> Path:
        """The generated key that signs what the site hands out."""
        return self.root / "secrets" / "flask_key"

    def prepare(self) -> None:
        """Create the folders that everyone needs; only their owner may enter them.

        Raises UnavailableError when that is not possible here.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in (self.run, self.logs):
                path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise UnavailableError(
                f"{error.filename} cannot be made: {error.strerror}", hint="Choose another folder with --data."
            ) from error
