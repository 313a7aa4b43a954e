"""A compose file as the checks want to see it: with values in place, and short forms written out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from dotenv import dotenv_values

from homeport.errors import InvalidError, NotFoundError
from homeport.ops.compose.interpolation import Interpolation
from homeport.ops.compose.project import NAMES, Project

SECRETS_IN_CONTAINER = "/run/secrets/"


@dataclass(frozen=True, slots=True)
class Port:
    """A port of a container that is published on the host."""

    host: str
    published: int
    target: int

    @property
    def is_local(self) -> bool:
        """Whether only the host itself reaches it."""
        return self.host in ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the file."""

    name: str
    declared: Mapping[str, Any]
    environment: Mapping[str, str]

    @property
    def image(self) -> str:
        """The image it runs; empty when it is only built."""
        return str(self.declared.get("image", ""))

    @property
    def is_postgres(self) -> bool:
        """Whether it is the database, by its image's name; another entry point only uses the programs in there."""
        name = self.image.partition("@")[0].partition(":")[0].rpartition("/")[2]
        return name.startswith("postgres") and "entrypoint" not in self.declared

    @property
    def is_site(self) -> bool:
        """Whether it runs the site's own code, by what it is told."""
        return bool({"DB_URI", "DB_URI_FILE"} & set(self.environment))

    @property
    def is_reconciler(self) -> bool:
        """Whether it looks after the proxy; with a declaration of its own inside, only it can read that."""
        return "EDGE_PASSWORD_FILE" in self.environment and not self.environment.get("EDGE_FILE")

    @property
    def networks(self) -> set[str]:
        """The networks it is on."""
        return set(self.declared.get("networks") or ("default",))

    def ports(self) -> Iterator[Port]:
        """Yield what it publishes."""
        for entry in self.declared.get("ports", ()):
            port = _long_port(entry) if isinstance(entry, dict) else _short_port(str(entry))
            if port is not None:
                yield port

    def mounts(self) -> Iterator[str]:
        """Yield the folders in the container that something is mounted on."""
        for entry in self.declared.get("volumes", ()):
            yield str(entry["target"]) if isinstance(entry, dict) else entry.split(":")[min(entry.count(":"), 1)]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole file."""

    services: tuple[Service, ...]
    secrets: Mapping[str, Path]
    missing: Mapping[str, str]
    values: Mapping[str, str]

    def secret_at(self, path: str) -> Path | None:
        """Return the host's file of a secret by its place in a container."""
        return self.secrets.get(path.removeprefix(SECRETS_IN_CONTAINER))


def read_document(project: Project, outside: Mapping[str, str]) -> Document:
    """Read the folder's compose file with the values of its `.env` and, before those, of the environment.

    Raises NotFoundError when there is none, InvalidError when it cannot be understood.
    """
    values = {**_env_file(project.environment_file), **outside}
    try:
        raw = yaml.safe_load(project.compose_file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFoundError(
            f"{project.root} has none of {', '.join(NAMES)}", hint="`homeport stack init` writes one."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise InvalidError(f"{project.compose_file} cannot be read: {error}") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("services"), dict):
        raise InvalidError(f"{project.compose_file} declares no services")
    interpolation = Interpolation(values)
    # Only what Compose itself would read: the rest are pieces that services are made of.
    content = interpolation.apply({name: raw[name] for name in ("services", "secrets") if raw.get(name)})
    return Document(
        services=tuple(_service(project, name, declared or {}) for name, declared in content["services"].items()),
        secrets={
            name: project.root / secret["file"]
            for name, secret in content.get("secrets", {}).items()
            if "file" in (secret or {})
        },
        missing=interpolation.missing,
        values=values,
    )


def _service(project: Project, name: str, declared: Mapping[str, Any]) -> Service:
    environment: dict[str, str] = {}
    listed = declared.get("env_file") or ()
    for entry in [listed] if isinstance(listed, str) else listed:
        environment |= _env_file(project.root / (entry["path"] if isinstance(entry, dict) else entry))
    given = declared.get("environment") or {}
    pairs = given.items() if isinstance(given, dict) else (entry.partition("=")[::2] for entry in given)
    environment |= {key: "" if value is None else str(value) for key, value in pairs}
    return Service(name, declared, environment)


def _env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    return {name: value for name, value in dotenv_values(path).items() if value is not None}


def _short_port(entry: str) -> Port | None:
    """Read `[[address:]published:]target[/protocol]`; a port without a number on the host is given one by chance."""
    rest, _, target = entry.partition("/")[0].rpartition(":")
    host, _, published = rest.rpartition(":")
    if not (published.isdigit() and target.isdigit()):
        return None
    return Port(host.strip("[]"), int(published), int(target))


def _long_port(entry: Mapping[str, Any]) -> Port | None:
    published = str(entry.get("published", ""))
    if not published.isdigit():
        return None
    return Port(str(entry.get("host_ip", "")), int(published), int(entry["target"]))
