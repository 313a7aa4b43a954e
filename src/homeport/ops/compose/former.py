"""What an archive tells of the stack it was made in, so that a new one on another server can take its place."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from homeport.ops.backup import belongings
from homeport.ops.backup.keys import read_identity
from homeport.ops.backup.sealing import unseal

SECRETS = {"FLASK_KEY": "flask_key", "EDGE_PASSWORD": "npm_password"}
"""What has to stay the same: without the one, second factors are lost; the other is in the proxy's own database."""

SET_BY_THE_STACK = ("BACKUP_INCLUDE", "CACHE_DIR", "EDGE_FILE", "HOST", "LOG_FORMAT", "PORT")
"""Settings that compose file and image bring along."""


@dataclass(frozen=True, slots=True)
class FormerStack:
    """Its settings as lines for `.env`, and its secrets by the names of their files."""

    site_url: str = ""
    email: str = ""
    lines: tuple[str, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict)
    declaration: str = ""
    """The file in which its edge was declared, if there was one."""


def read_former_stack(archive: Path, key: Path) -> FormerStack:
    """Read it; raises UnreadableArchiveError and InvalidError."""
    with tempfile.TemporaryDirectory(prefix="homeport-") as folder:
        workshop = Path(folder)
        unseal(archive, workshop, [read_identity(key)])
        settings = workshop / belongings.SETTINGS
        values = dotenv_values(settings)
        decided = {"SITE_URL", "EDGE_EMAIL", *SET_BY_THE_STACK}
        lines = settings.read_text(encoding="utf-8").splitlines()
        declaration = workshop / belongings.DECLARATION
        files = {file: workshop / belongings.SECRETS / name for name, file in SECRETS.items()}
        return FormerStack(
            values.get("SITE_URL") or "",
            values.get("EDGE_EMAIL") or "",
            tuple(line for line in lines if line.partition("=")[0] not in decided),
            {file: path.read_text(encoding="utf-8").strip() for file, path in files.items() if path.exists()},
            declaration.read_text(encoding="utf-8") if declaration.exists() else "",
        )
