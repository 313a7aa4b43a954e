"""Looks at the machine a stack is about to start on: its engine, its ports, its name."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit

from homeport.errors import UnavailableError
from homeport.ops.compose.document import Document, Port
from homeport.ops.compose.findings import Finding, fault, warning
from homeport.ops.compose.project import Project
from homeport.ops.listening import PortBusyError, listen

OLDEST_COMPOSE = (2, 24)
ANSWER_SECONDS = 20.0
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what an empty address means to Compose


def check_surroundings(project: Project, document: Document) -> Iterator[Finding]:
    """Yield what is wrong with the machine."""
    engine = list(_check_engine())
    yield from engine
    if engine or not _runs_already(project):
        for service in document.services:
            for port in service.ports():
                yield from _check_port(service.name, port)
    yield from _check_name(document.values.get("SITE_URL", ""))


def _check_engine() -> Iterator[Finding]:
    if shutil.which("docker") is None:
        yield fault(
            "there is no `docker` on this machine", "https://docs.docker.com/engine/install/ says how to get it."
        )
        return
    version = _ask("docker", "compose", "version", "--short")
    if _as_numbers(version) < OLDEST_COMPOSE:
        wanted = ".".join(map(str, OLDEST_COMPOSE))
        yield fault(
            f"Compose is {version or 'missing'}; this needs {wanted} or later",
            "Install the package docker-compose-plugin.",
        )
    if not _ask("docker", "info", "--format", "{{.ServerVersion}}"):
        yield fault("the Docker engine does not answer", "Start it: systemctl enable --now docker")


def _runs_already(project: Project) -> bool:
    """Say whether the stack is up: then it is the stack itself that has the ports."""
    running = _ask("docker", "compose", "--project-directory", str(project.root), "ps", "--quiet")
    return bool(running)


def _check_port(service: str, port: Port) -> Iterator[Finding]:
    # One after the other: IPv6's "everywhere" takes in IPv4's.
    for host in [port.host] if port.host else EVERYWHERE:
        try:
            for listener in listen([host], port.published):
                listener.close()
        except PortBusyError as error:
            yield fault(f"{service}: {error}", f"`ss -ltnp 'sport = :{port.published}'` says which program that is.")
            return
        except UnavailableError:
            # Ports below 1024 are the engine's to take, and an address that is not here is not taken.
            continue


def _check_name(site_url: str) -> Iterator[Finding]:
    host = urlsplit(site_url).hostname
    if not host:
        return
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        yield warning(
            f"{host} has no address yet; no certificate can be had for it",
            "Let an A record (and AAAA, if there is IPv6) lead to this machine.",
        )


def _ask(*command: str) -> str:
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return result.stdout.strip() if result.returncode == 0 else ""


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.removeprefix("v").partition("-")[0].split(".") if part.isdigit())
