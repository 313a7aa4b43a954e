"""Makes the folder of a stack: the compose file, its values, and secrets that nobody has seen before."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from pyrage.x25519 import Identity

from homeport.errors import InvalidError, NotFoundError
from homeport.ops import files
from homeport.ops.backup.belongings import DECLARATION
from homeport.ops.compose.former import FormerStack
from homeport.ops.compose.project import NAMES, Project
from homeport.values import is_mail_address, is_origin

SECRET_BYTES = 32
ROLE = DATABASE = "homeport"
BACKUP_ROLE = "homeport_backup"
DATABASE_HOST = "postgres:5432"

FOLDER_MODE = 0o700
# A container's user without privileges reads them through a mount of the file alone: the folder keeps others out.
SECRET_MODE = 0o444
ENVIRONMENT_MODE = 0o600
DECLARATION_MODE = 0o644


@dataclass(frozen=True, slots=True)
class Created:
    """What was written, and the private half of the recovery key, if it is a new one: it is stored nowhere."""

    paths: tuple[Path, ...]
    recovery_key: str = ""


def create_project(
    project: Project, checkout: Path, *, site_url: str, email: str, former: FormerStack | None = None
) -> Created:
    """Write what is missing in the folder; nothing that is there is touched.

    A former stack gives what was not given here, and the secrets that have to stay the same. Raises NotFoundError
    without the checkout's compose file, InvalidError when an address is needed and is none.
    """
    former = former or FormerStack()
    original = checkout / NAMES[0]
    if not original.exists():
        raise NotFoundError(f"{original} is not there", hint="Run this from a checkout of Homeport.")
    wanted = {}
    if not project.compose_file.exists():
        wanted[project.compose_file] = (original.read_text(encoding="utf-8"), DECLARATION_MODE)
    if not project.environment_file.exists():
        is_elsewhere = project.root.resolve() != checkout.resolve()
        wanted[project.environment_file] = (
            _environment(site_url or former.site_url, email or former.email, checkout if is_elsewhere else None)
            + "".join(f"{line}\n" for line in former.lines)
            + (f"EDGE_FILE=./{DECLARATION}\n" if former.declaration else ""),
            ENVIRONMENT_MODE,
        )
    declaration = project.root / DECLARATION
    if former.declaration and not declaration.exists():
        wanted[declaration] = (former.declaration, DECLARATION_MODE)
    project.root.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    project.secrets.mkdir(mode=FOLDER_MODE, exist_ok=True)
    recovery = Identity.generate()
    generated = {**_secrets(project), "backup_recovery_key": str(recovery.to_public()), **former.secrets}
    missing = {path: text for name, text in generated.items() if not (path := project.secrets / name).exists()}
    wanted |= {path: (f"{text}\n", SECRET_MODE) for path, text in missing.items()}
    for path, (text, mode) in wanted.items():
        files.write_atomically(path, text)
        # Whatever the shell's umask is: containers have to read them.
        path.chmod(mode)
    is_new = project.secrets / "backup_recovery_key" in missing
    return Created(tuple(wanted), str(recovery) if is_new else "")


def _environment(site_url: str, email: str, checkout: Path | None) -> str:
    address = site_url.rstrip("/").lower()
    if not is_origin(address):
        raise InvalidError(
            f"{site_url!r} is not the address of a site", hint="Name it: --site-url https://your.domain (no path)."
        )
    if not is_mail_address(email):
        raise InvalidError(
            f"{email!r} is not a mail address",
            hint="Name yours: --email you@your.domain; the certificate authority writes to it.",
        )
    lines = [
        "# Values for compose.yaml; every setting of docs/settings.md may be written here too.",
        f"SITE_URL={address}",
        f"EDGE_EMAIL={email}",
    ]
    if checkout is not None:
        lines += ["# Where the image is built from.", f"CHECKOUT={checkout.resolve()}"]
    return "\n".join([*lines, ""])


def _secrets(project: Project) -> dict[str, str]:
    """Return new secrets by the names of their files; addresses have the passwords that are there."""
    passwords = {
        name: _read(project.secrets / name) or secrets.token_urlsafe(SECRET_BYTES)
        for name in ("db_password", "backup_db_password")
    }
    return {
        **passwords,
        "postgres_password": secrets.token_urlsafe(SECRET_BYTES),
        "db_uri": f"postgresql://{ROLE}:{passwords['db_password']}@{DATABASE_HOST}/{DATABASE}",
        "backup_db_uri": f"postgresql://{BACKUP_ROLE}:{passwords['backup_db_password']}@{DATABASE_HOST}/{DATABASE}",
        "backup_key": str(Identity.generate()),
        "npm_password": secrets.token_urlsafe(SECRET_BYTES),
        "flask_key": secrets.token_urlsafe(SECRET_BYTES),
    }


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""
