"""Looks at what a compose file declares: where data goes, what is published, what can reach what."""

import re
from collections.abc import Iterator

from homeport.errors import SettingsError
from homeport.ops.compose.document import Document, Port, Service
from homeport.ops.compose.findings import Finding, fault, warning
from homeport.ops.edge.reading import read_declaration
from homeport.settings import Settings

PUBLIC_PORTS = (80, 443)
PROXY_ADMINISTRATION = 81
POSTGRES = 5432
DATA = "/var/lib/postgresql"
NEW_LAYOUT = 18


def check_declarations(document: Document) -> Iterator[Finding]:
    """Yield what is wrong with the file itself."""
    for name, message in document.missing.items():
        yield fault(f"{name} is not set", message or f"Write {name}=... into .env.")
    for service in document.services:
        yield from _check_image(service)
        yield from _check_ports(service)
        if service.is_postgres:
            yield from _check_data(service)
            yield from _check_health(service)
            yield from _check_reach(service, document)
        yield from _check_settings(service, document)


def _check_image(service: Service) -> Iterator[Finding]:
    name, _, digest = service.image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    if service.image and "build" not in service.declared and not digest and tag in ("", "latest"):
        yield warning(
            f"{service.name}: {service.image} is another image after every pull", "Name a version: the one you tested."
        )


def _check_ports(service: Service) -> Iterator[Finding]:
    for port in service.ports():
        if port.is_local or (port.published in PUBLIC_PORTS and port.target in PUBLIC_PORTS):
            continue
        yield warning(f"{service.name}: {_exposure(port)}", f'Write "127.0.0.1:{port.published}:{port.target}".')


def _exposure(port: Port) -> str:
    if port.target == PROXY_ADMINISTRATION:
        return f"the proxy's administration is published to everybody, over plain http, on port {port.published}"
    if port.target == POSTGRES:
        return f"the database is published to everybody on port {port.published}"
    return f"port {port.published} is published to everybody, round the proxy; a host's firewall does not hold it back"


def _check_data(service: Service) -> Iterator[Finding]:
    """Since 18 the image keeps its data below the folder that is mounted, and not in it."""
    major = _major(service)
    mounts = {mount.rstrip("/") for mount in service.mounts()}
    if major is None or "PGDATA" in service.environment:
        return
    wrong, right = (f"{DATA}/data", DATA) if major >= NEW_LAYOUT else (DATA, f"{DATA}/data")
    if wrong in mounts and right not in mounts:
        yield fault(
            f"{service.name}: PostgreSQL {major} does not keep its data in {wrong}; the next container would be empty",
            f"Mount the volume at {right}.",
        )
    elif right not in mounts:
        yield fault(
            f"{service.name}: no volume is mounted at {right}: the data goes with the container",
            f"Mount a named volume at {right}.",
        )


def _major(service: Service) -> int | None:
    found = re.match(r"[^:]*:(?:.*[^\d.])?(\d+)", service.image.rpartition("/")[2])
    return int(found[1]) if found else None


def _check_health(service: Service) -> Iterator[Finding]:
    test = str((service.declared.get("healthcheck") or {}).get("test", ""))
    if "pg_isready" in test and not re.search(r"(\s|')(-h|--host)\b", test):
        yield warning(
            f"{service.name}: its health check asks the socket, where a temporary server answers at the first start",
            "Ask over TCP: pg_isready -h 127.0.0.1 ...",
        )


def _check_reach(service: Service, document: Document) -> Iterator[Finding]:
    for other in document.services:
        if any(True for _ in other.ports()) and other is not service and other.networks & service.networks:
            yield warning(
                f"{service.name}: {other.name}, which the internet reaches, reaches the database too",
                "Give the database a network of its own with the site, with `internal: true`.",
            )


def _check_settings(service: Service, document: Document) -> Iterator[Finding]:
    """Let the site and the reconciler read their settings as they will in the container."""
    environment = _on_this_host(service, document)
    # What Compose could not fill in has been told already.
    if document.missing:
        return
    try:
        if service.is_site:
            Settings.from_env(environment, needs=("DB_URI", "FLASK_KEY"))
        elif service.is_reconciler:
            read_declaration(environment)
    except SettingsError as error:
        for problem in error.problems:
            yield fault(f"{service.name}: {problem}", "docs/settings.md says more.")


def _on_this_host(service: Service, document: Document) -> dict[str, str]:
    """Return the service's environment with the host's files behind the secrets."""
    environment = dict(service.environment)
    for name, value in service.environment.items():
        if name.endswith("_FILE") and (file := document.secret_at(value)) is not None:
            environment[name] = str(file)
    return environment
