"""What an edge should be and what it is, as plain values to compare; nothing here asks or changes anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from types import MappingProxyType
from typing import Any

MARK = "# homeport edge "
"""How the configuration of a host begins that was written from a declaration."""

ALARM = timedelta(days=21)
"""A served certificate that ends sooner than this is an alarm: the proxy renews at thirty days by itself."""

CLOCK_SLACK = timedelta(hours=26)
"""The proxy writes times in its own time zone without saying which."""


@dataclass(frozen=True, order=True, slots=True)
class Version:
    """A version of the proxy."""

    major: int
    minor: int
    revision: int = 0

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.revision}"


class Entry(Enum):
    """Who the proxy takes for its administrator, and so how one gets in."""

    OURS = auto()
    UNCLAIMED = auto()
    INITIAL = auto()
    DEFAULT = auto()
    HALF_CLAIMED = auto()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that the proxy has, or believes to have."""

    id: int
    names: frozenset[str]
    is_renewable: bool
    created_at: datetime
    modified_at: datetime
    expires_at: datetime

    @property
    def was_obtained(self) -> bool:
        """Say whether the authority ever gave it: a row that was left behind by a crash ends where it began."""
        return self.expires_at - self.created_at > timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Host:
    """A host of the proxy, with all of its fields that can be written."""

    id: int
    fields: Mapping[str, Any]
    is_enabled: bool = True
    is_online: bool = True
    fault: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The names that it answers to."""
        return frozenset(name.lower() for name in self.fields["domain_names"])

    @property
    def certificate_id(self) -> int:
        """The certificate that it is served with, or 0."""
        return int(self.fields["certificate_id"] or 0)

    @property
    def is_ours(self) -> bool:
        """Say whether it was written from a declaration."""
        return str(self.fields["advanced_config"]).startswith(MARK)


@dataclass(frozen=True, slots=True)
class ServedCertificate:
    """A certificate as readers get it; `distrust` says why their browsers would refuse it."""

    serial: int
    names: frozenset[str]
    issuer: str
    ends_at: datetime
    distrust: str = ""

    @property
    def is_staging(self) -> bool:
        """Say whether it comes from the authority's rehearsal."""
        return "(STAGING)" in self.issuer or "Fake LE" in self.issuer


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody outside finds at a name; `problem` says why nobody answered there."""

    marker: str = ""
    certificate: ServedCertificate | None = None
    problem: str = ""
    server: str = ""


@dataclass(frozen=True, slots=True)
class WantedHost:
    """A host as it should be; `marker` is what it shows outside to prove that it is this very one."""

    name: str
    aliases: tuple[str, ...]
    scheme: str
    host: str
    port: int
    has_tls: bool
    config: str
    marker: str
    has_websockets: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The names that it should answer to."""
        return frozenset((self.name, *self.aliases))


@dataclass(frozen=True, slots=True)
class Wanted:
    """The edge as it should be; `zone` is the text that the proxy's custom folder should have, if it can be reached."""

    hosts: tuple[WantedHost, ...]
    default_site: str
    zone: str | None
    is_staging: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actual:
    """The edge as it is: what the proxy says of itself, and what is seen outside."""

    version: Version
    entry: Entry = Entry.OURS
    default_site: str = ""
    certificates: tuple[Certificate, ...] = ()
    hosts: tuple[Host, ...] = ()
    others: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    seen: Mapping[str, Seen] = field(default_factory=lambda: MappingProxyType({}))
    zone: str | None = None
    is_default_open: bool = False
