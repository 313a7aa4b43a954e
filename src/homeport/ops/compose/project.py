"""Where things lie in the folder of a container stack, so that no two modules spell the same path."""

from dataclasses import dataclass
from pathlib import Path

NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""What Compose looks for, in its order."""


@dataclass(frozen=True, slots=True)
class Project:
    """The folder that `docker compose` is run in."""

    root: Path

    @property
    def compose_file(self) -> Path:
        """The file that declares the stack; the first name where there is none yet."""
        return next((self.root / name for name in NAMES if (self.root / name).exists()), self.root / NAMES[0])

    @property
    def environment_file(self) -> Path:
        """Values for the compose file and settings of the site."""
        return self.root / ".env"

    @property
    def secrets(self) -> Path:
        """One file for each secret."""
        return self.root / "secrets"
