"""What an edge is declared to be: names, where they lead, certificates, redirects, what is kept at the edge."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where requests are passed on to; the name is looked up when a request comes, not when the proxy starts."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class SiteDeclaration:
    """The site: its one name, and the names that only lead to it."""

    name: str
    aliases: tuple[str, ...]
    has_tls: bool
    upstream: Upstream
    max_body_bytes: int


@dataclass(frozen=True, slots=True)
class ForwardedHost:
    """Another service on this server that is reached by a name of its own."""

    name: str
    upstream: Upstream
    has_websockets: bool
    max_body_bytes: int


@dataclass(frozen=True, slots=True)
class CacheDeclaration:
    """What the edge keeps of the site: for how long it may stand in for it, and how much."""

    is_on: bool
    stale_hours: int
    max_megabytes: int


@dataclass(frozen=True, slots=True)
class ProxyAccess:
    """How the proxy's administration is reached; passwords are only ever in files."""

    url: str
    email: str
    password_file: Path
    initial_password_file: Path | None
    custom_dir: Path | None


@dataclass(frozen=True, slots=True)
class OutsideView:
    """How the edge is looked at from outside; without an `address` each name is looked up like a reader would."""

    address: str
    http_port: int
    https_port: int
    authorities_file: Path | None


@dataclass(frozen=True, slots=True)
class Declaration:
    """The whole edge."""

    site: SiteDeclaration
    hosts: tuple[ForwardedHost, ...]
    cache: CacheDeclaration
    proxy: ProxyAccess
    outside: OutsideView
    is_staging: bool
