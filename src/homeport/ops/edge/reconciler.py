"""Compares, applies, proves: the edge as declared against the edge as it is."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from homeport.errors import HomeportError, UnavailableError
from homeport.ops.edge.client import Proxy
from homeport.ops.edge.customfolder import CustomFolder
from homeport.ops.edge.declaration import Declaration
from homeport.ops.edge.dialect import require_known
from homeport.ops.edge.difference import steps_between
from homeport.ops.edge.entry import enter, is_default_open
from homeport.ops.edge.errors import (
    CertificateRefusedError,
    HostOfflineError,
    NotPointingHereError,
    NotServedError,
    ProxyAwayError,
)
from homeport.ops.edge.outside import Outside, RealOutside
from homeport.ops.edge.performing import Patience, Performer
from homeport.ops.edge.proof import faults_outside
from homeport.ops.edge.session import Session
from homeport.ops.edge.settling import ask_until, is_passing
from homeport.ops.edge.state import Actual, Entry, Seen, Version, Wanted
from homeport.ops.edge.steps import Claim, IssueCertificate, RenewCertificate, Step
from homeport.ops.edge.transport import HttpTransport
from homeport.ops.edge.wanted import wanted_edge

MOST_ROUNDS = 4
START_SECONDS = 90.0
POLL_SECONDS = 0.5
LOCK_SECONDS = 30.0
# What stops one host need not stop another.
OF_ONE_HOST = (CertificateRefusedError, HostOfflineError, NotPointingHereError, NotServedError)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is, what should be, and the way from one to the other."""

    wanted: Wanted
    actual: Actual
    steps: tuple[Step, ...]


@dataclass
class Reconciler:
    """One declared edge and its proxy."""

    declaration: Declaration
    proxy: Proxy
    outside: Outside
    patience: Patience = field(default_factory=Patience)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @classmethod
    def of(cls, declaration: Declaration) -> "Reconciler":
        """Return the one that works on the real proxy."""
        proxy = Proxy(Session(HttpTransport(declaration.proxy.url)))
        return cls(declaration, proxy, RealOutside(declaration.outside))

    def wait_for_proxy(self, seconds: float = START_SECONDS) -> None:
        """Return once the proxy answers; its first start makes a key, which takes up to half a minute."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.proxy.greet()
            except ProxyAwayError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(POLL_SECONDS)
            else:
                return

    def plan(self) -> Plan:
        """Return what would be done; writes nothing."""
        wanted = wanted_edge(self.declaration, has_zone=self._folder.is_writable)
        actual = self._observe(wanted)
        return Plan(wanted, actual, steps_between(wanted, actual, self.now()))

    def apply(self, say: Callable[[Step], None], *, may_ask_authority: bool = True) -> Plan:
        """Make the edge what was declared, prove it from outside, and return the plan that is left: one of no steps.

        Each step is said before it is done. Raises the first thing that did not work, after all else has been done
        that does not depend on it.
        """
        with self._alone():
            for _ in range(MOST_ROUNDS):
                plan = self._plan_settled()
                if not plan.steps:
                    self._prove(plan)
                    return plan
                self._perform(plan, say, may_ask_authority=may_ask_authority)
        rest = "; ".join(map(str, plan.steps))
        raise NotServedError(f"the proxy takes what it is told, and does not do it: {rest}")

    def _perform(self, plan: Plan, say: Callable[[Step], None], *, may_ask_authority: bool) -> None:
        performer = Performer(
            self.proxy,
            self.outside,
            self._folder,
            self.declaration.proxy,
            plan.actual,
            patience=self.patience,
        )
        failed: dict[str, HomeportError] = {}
        for step in plan.steps:
            name = _host_of(step)
            if name in failed:
                continue
            if isinstance(step, IssueCertificate | RenewCertificate) and not may_ask_authority:
                failed[name] = CertificateRefusedError(f"the authority is not asked yet for {name}")
                continue
            say(step)
            try:
                performer.perform(step)
            except OF_ONE_HOST as error:
                if not name:
                    raise
                failed[name] = error
            if isinstance(step, Claim) and step.entry is Entry.UNCLAIMED:
                # Only its administrator is told what a proxy has.
                return
        if failed:
            raise _together(list(failed.values()))

    def _plan_settled(self) -> Plan:
        """Plan; and plan again for a while if what readers get is all there is to mend."""
        return ask_until(lambda plan: not is_passing(plan.steps), self.plan, self.patience)

    def _prove(self, plan: Plan) -> None:
        faults = ask_until(lambda faults: not faults, lambda: self.faults(plan), self.patience)
        if faults:
            raise NotServedError("; ".join(faults))

    def faults(self, plan: Plan) -> tuple[str, ...]:
        """Return what a reader would notice, one sentence each."""
        return faults_outside(plan.wanted, dict(plan.actual.seen), self.outside, self.now())

    def _observe(self, wanted: Wanted) -> Actual:
        version, is_claimed = self.proxy.greet()
        require_known(version)
        entry = enter(self.proxy, self.declaration.proxy, is_claimed=is_claimed)
        seen = self._look(wanted)
        zone = self._folder.zone()
        if entry is Entry.UNCLAIMED:
            return Actual(version, entry, seen=seen, zone=zone)
        return self._ask(version, entry, seen, zone)

    def _ask(self, version: Version, entry: Entry, seen: MappingProxyType[str, Seen], zone: str | None) -> Actual:
        return Actual(
            version=version,
            entry=entry,
            default_site=self.proxy.default_site(),
            certificates=self.proxy.list_certificates(),
            hosts=self.proxy.list_hosts(),
            others=MappingProxyType(self.proxy.other_names()),
            seen=seen,
            zone=zone,
            is_default_open=entry is Entry.DEFAULT or is_default_open(self.proxy),
        )

    def _look(self, wanted: Wanted) -> MappingProxyType[str, Seen]:
        return MappingProxyType(
            {name: self.outside.look(name, has_tls=one.has_tls) for one in wanted.hosts for name in sorted(one.names)}
        )

    @property
    def _folder(self) -> CustomFolder:
        return CustomFolder(self.declaration.proxy.custom_dir)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one at a time write: good hosts go offline when a bad one is written at the same moment.

        Whoever writes has to read the password's file, so that is what is locked.
        """
        with self.declaration.proxy.password_file.open("rb") as file:
            deadline = time.monotonic() + LOCK_SECONDS
            while not _is_locked(file.fileno()):
                if time.monotonic() >= deadline:
                    raise UnavailableError("another `homeport edge` is at work", hint="Wait until it has ended.")
                time.sleep(POLL_SECONDS)
            yield


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _host_of(step: Step) -> str:
    wanted = getattr(step, "wanted", None)
    return wanted.name if wanted else ""


def _together(errors: list[HomeportError]) -> HomeportError:
    """Return one error for all: the first, with what the others say behind it."""
    first, *rest = errors
    if rest:
        first.args = ("; ".join(str(error) for error in errors),)
    return first
