"""Makes the folder of a stack: the compose file, its values, and secrets that nobody has seen before."""

import secrets
from pathlib import Path

from homeport.errors import InvalidError, NotFoundError
from homeport.ops import files
from homeport.ops.compose.project import NAMES, Project
from homeport.values import is_mail_address, is_origin

SECRET_BYTES = 32
ROLE = DATABASE = "homeport"
DATABASE_HOST = "postgres:5432"

FOLDER_MODE = 0o700
# A container's user without privileges reads them through a mount of the file alone: the folder keeps others out.
SECRET_MODE = 0o444
ENVIRONMENT_MODE = 0o600
DECLARATION_MODE = 0o644


def create_project(project: Project, checkout: Path, *, site_url: str, email: str) -> list[Path]:
    """Write what is missing in the folder and return its paths; nothing that is there is touched.

    Raises NotFoundError without the checkout's compose file, InvalidError when an address is needed and is none.
    """
    original = checkout / NAMES[0]
    if not original.exists():
        raise NotFoundError(f"{original} is not there", hint="Run this from a checkout of Homeport.")
    wanted = {}
    if not project.compose_file.exists():
        wanted[project.compose_file] = (original.read_text(encoding="utf-8"), DECLARATION_MODE)
    if not project.environment_file.exists():
        is_elsewhere = project.root.resolve() != checkout.resolve()
        wanted[project.environment_file] = (
            _environment(site_url, email, checkout if is_elsewhere else None),
            ENVIRONMENT_MODE,
        )
    project.root.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    project.secrets.mkdir(mode=FOLDER_MODE, exist_ok=True)
    wanted |= {path: (f"{text}\n", SECRET_MODE) for path, text in _secrets(project).items()}
    for path, (text, mode) in wanted.items():
        files.write_atomically(path, text)
        # Whatever the shell's umask is: containers have to read them.
        path.chmod(mode)
    return list(wanted)


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


def _secrets(project: Project) -> dict[Path, str]:
    """Return the secrets that are missing, by their files."""
    password = _read(project.secrets / "db_password") or secrets.token_urlsafe(SECRET_BYTES)
    generated = {
        "postgres_password": secrets.token_urlsafe(SECRET_BYTES),
        "db_password": password,
        "db_uri": f"postgresql://{ROLE}:{password}@{DATABASE_HOST}/{DATABASE}",
        "npm_password": secrets.token_urlsafe(SECRET_BYTES),
        "flask_key": secrets.token_urlsafe(SECRET_BYTES),
    }
    return {project.secrets / name: text for name, text in generated.items() if not (project.secrets / name).exists()}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""
