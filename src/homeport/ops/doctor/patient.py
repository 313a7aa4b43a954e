"""The site under examination: how it is reached, what it is set to, and where its notes, disks and database are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from homeport.net.addresses import Address, is_public
from homeport.ops.asking import Questioner, asking
from homeport.ops.doctor.findings import NotApplicableError
from homeport.ops.doctor.view import View
from homeport.ops.edge.declaration import OutsideView
from homeport.ops.edge.status import EdgeStatus
from homeport.ops.folder import DataFolder
from homeport.settings import Settings

DATABASE_SECONDS = 10.0


def is_public_address(address: Address) -> bool:
    """Say whether the whole internet can try this address."""
    return is_public(address, 443)


@dataclass(frozen=True)
class Patient:
    """One installation.

    `inside` leads to the web server itself, `outside` through whatever stands before it, the way readers come; it is
    None for a site that only its own machine reaches.
    """

    settings: Settings
    inside: View | None
    outside: View | None
    database_uri: str
    newest_schema: str
    aliases: Sequence[str] = ()
    from_outside: OutsideView = field(default_factory=lambda: OutsideView("", 80, 443, None))
    edge_status: Callable[[], EdgeStatus] | None = None
    may_be_asked_by_all: Callable[[Address], bool] = is_public_address
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def notes(self) -> Path:
        """Where the other parts of the stack leave their notes."""
        return DataFolder(self.settings.paths.data).notes

    @property
    def archives(self) -> Path:
        """Where the backups are, if this part of the stack sees them."""
        return self.settings.backup.folder

    @property
    def views(self) -> tuple[View, ...]:
        """Every way to the site that there is."""
        return tuple(view for view in (self.inside, self.outside) if view is not None)

    @property
    def front(self) -> View:
        """The way that readers come."""
        if not self.views:
            raise NotApplicableError("there is no site to ask from here")
        return self.views[-1]

    @property
    def public(self) -> View:
        """The way that readers come, of a site that has a public address."""
        if self.outside is None:
            raise NotApplicableError("the site has no public address (SITE_URL)")
        return self.outside

    def question(self, ask: Callable[[Questioner], Sequence[object]]) -> Sequence[object]:
        """Ask the database; raises DatabaseSilentError."""
        if not self.database_uri:
            raise NotApplicableError("there is no database to ask from here")
        with asking(self.database_uri, seconds=DATABASE_SECONDS) as questioner:
            return ask(questioner)


def is_loopback(name: str) -> bool:
    """Say whether a name means the machine itself."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
