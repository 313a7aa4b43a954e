"""Looks at secrets: who can read them, whether the containers can, and whether anybody could guess them."""

import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from homeport.ops.compose.document import Document, Service
from homeport.ops.compose.findings import Finding, fault, warning
from homeport.ops.compose.project import Project

SHORTEST = 12
KNOWN = frozenset({"admin", "changeme", "example", "homeport", "password", "postgres", "secret", "mysecretpassword"})
NONE = Path("/dev/null")
"""Stands for a secret that is not needed."""

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check_confidences(project: Project, document: Document) -> Iterator[Finding]:
    """Yield what is wrong with the stack's secrets."""
    yield from _check_environment_file(project.environment_file)
    for folder in sorted({path.parent for path in document.secrets.values() if path != NONE}):
        if folder.is_dir() and folder.stat().st_mode & OTHERS:
            yield fault(f"{folder} is open to other users of this machine", f"chmod 700 {folder}")
    for name, path in document.secrets.items():
        if path != NONE:
            yield from _check_file(name, path)
    for service in document.services:
        yield from _check_words(service)
        yield from _check_address(service, document)


def _check_environment_file(path: Path) -> Iterator[Finding]:
    if path.exists() and path.stat().st_mode & OTHERS:
        yield fault(f"{path} is readable by other users of this machine", f"chmod 600 {path}")


def _check_file(name: str, path: Path) -> Iterator[Finding]:
    if not path.is_file():
        yield fault(f"the secret {name} is missing: {path}", "`homeport stack init` makes what is missing.")
        return
    if not path.stat().st_mode & stat.S_IROTH:
        yield fault(
            f"{path} cannot be read by a container's user without privileges",
            f"chmod 444 {path} (its folder keeps other users out)",
        )
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    secret = unquote(urlsplit(text).password or "") if "://" in text else text
    if fault_of := _weakness(secret):
        yield fault(f"the secret {name} {fault_of}", f"Write another one into {path}, or remove it and run init again.")


def _check_words(service: Service) -> Iterator[Finding]:
    """Look at secrets that stand in the environment itself."""
    for name in ("POSTGRES_PASSWORD", "FLASK_KEY", "SMTP_PASSWORD"):
        value = service.environment.get(name, "")
        if value and (weakness := _weakness(value)):
            yield fault(
                f"{service.name}: {name} {weakness}",
                'Make one: python3 -c "import secrets; print(secrets.token_urlsafe(32))"',
            )


def _weakness(secret: str) -> str:
    if not secret:
        return "is empty"
    if secret.lower() in KNOWN:
        return "is a word that everybody tries first"
    if len(secret) < SHORTEST or len(set(secret)) < SHORTEST // 3:
        return f"could be guessed: it has fewer than {SHORTEST} characters, or always the same"
    return ""


def _check_address(service: Service, document: Document) -> Iterator[Finding]:
    """Hold the address of the database against what the database is told about itself."""
    uri = _value(service, "DB_URI", document)
    parts = urlsplit(uri)
    database = next((each for each in document.services if each.name == parts.hostname), None)
    if not uri or database is None:
        return
    expected = {name: _value(database, f"POSTGRES_{name}", document) for name in ("USER", "PASSWORD", "DB")}
    given = {"USER": unquote(parts.username or ""), "PASSWORD": unquote(parts.password or ""), "DB": parts.path[1:]}
    if given["USER"] == (expected["USER"] or "postgres"):
        for name in ("PASSWORD", "DB"):
            if expected[name] and given[name] != expected[name]:
                yield fault(
                    f"{service.name}: DB_URI has another {name.lower()} than POSTGRES_{name}", "Make the two the same."
                )
        yield warning(
            f"{service.name}: the site uses the database as its superuser",
            "Give it a role of its own; our compose file does.",
        )
    named = service.environment.get("DB_URI_FILE", "db_uri").rpartition("/")[2].replace("uri", "password")
    role_password = document.secrets.get(named)
    if role_password is not None and role_password.is_file() and given["PASSWORD"] != role_password.read_text().strip():
        yield fault(f"{service.name}: DB_URI has another password than {named}", "Make the two the same.")


def _value(service: Service, name: str, document: Document) -> str:
    """Return a value that stands in the environment or in a file of a secret."""
    file = document.secret_at(service.environment.get(f"{name}_FILE", ""))
    if file is not None and file.is_file():
        return file.read_text(encoding="utf-8", errors="replace").strip()
    return service.environment.get(name, "")
