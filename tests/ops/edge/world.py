"""A declared edge, a proxy to make it on, and somebody who looks: all that a test of the reconciler needs."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from homeport.ops.edge.client import Proxy
from homeport.ops.edge.declaration import (
    CacheDeclaration,
    Declaration,
    ForwardedHost,
    OutsideView,
    ProxyAccess,
    SiteDeclaration,
    Upstream,
)
from homeport.ops.edge.performing import Patience
from homeport.ops.edge.reconciler import Reconciler
from homeport.ops.edge.session import Session
from homeport.ops.edge.transport import Transport
from tests.ops.edge.authority import AgreeableAuthority
from tests.ops.edge.double import Double
from tests.ops.edge.engine import Engine
from tests.ops.edge.ways import DirectTransport, DoubleOutside

PASSWORD = "the password of the edge"
EMAIL = "me@example.org"
IMPATIENT = Patience(served_seconds=0, settle_seconds=0, leads_here_seconds=0, pause_seconds=0, busy_pause_seconds=0)
GIT = ForwardedHost("git.example.org", Upstream("http", "gitea", 3000), has_websockets=True, max_body_bytes=2**30)


def declare(folder: Path, *hosts: ForwardedHost, aliases: tuple[str, ...] = ("www.example.org",)) -> Declaration:
    """Return a declaration whose password's file is in the folder."""
    password = folder / "npm_password"
    password.write_text(f"{PASSWORD}\n")
    return Declaration(
        site=SiteDeclaration(
            name="example.org",
            aliases=aliases,
            has_tls=True,
            upstream=Upstream("http", "flask-blog", 5000),
            max_body_bytes=33554432,
        ),
        hosts=hosts,
        cache=CacheDeclaration(is_on=True, stale_hours=24, max_megabytes=512),
        proxy=ProxyAccess("http://127.0.0.1:81", EMAIL, password, None, None),
        outside=OutsideView("", 80, 443, None),
        is_staging=False,
    )


@dataclass
class Clock:
    """A clock that a test puts forward."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.moment

    def pass_days(self, days: float) -> None:
        self.moment += timedelta(days=days)


@dataclass
class World:
    """All of it together."""

    declaration: Declaration
    double: Double
    outside: DoubleOutside
    clock: Clock
    said: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, declaration: Declaration, version: tuple[int, int, int] = (2, 15, 1)) -> "World":
        clock = Clock()
        engine = Engine(custom=declaration.proxy.custom_dir)
        double = Double(engine, AgreeableAuthority(clock), version, clock)
        return cls(declaration, double, DoubleOutside(double), clock)

    @property
    def authority(self) -> AgreeableAuthority:
        assert isinstance(self.double.authority, AgreeableAuthority)
        return self.double.authority

    def reconciler(self, transport: Transport | None = None) -> Reconciler:
        """Return one that has just been started."""
        proxy = Proxy(Session(transport or DirectTransport(self.double), now=self.clock))
        return Reconciler(self.declaration, proxy, self.outside, IMPATIENT, self.clock)

    def apply(self, transport: Transport | None = None) -> list[str]:
        """Apply as a program that has just been started would; return what it wrote to the proxy."""
        self.double.writes.clear()
        self.reconciler(transport).apply(lambda step: self.said.append(str(step)))
        return list(self.double.writes)

    def plan(self) -> list[str]:
        return [str(step) for step in self.reconciler().plan().steps]

    def change(self, **changes: object) -> None:
        """Declare something else from now on."""
        self.declaration = replace(self.declaration, **changes)  # type: ignore[arg-type]


MakeWorld = Callable[..., World]
