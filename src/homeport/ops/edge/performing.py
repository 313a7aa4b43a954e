"""Does the steps of a plan, one write at a time, looks at what each has led to, and takes back what did not work."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from homeport.ops.edge.certificates import covers
from homeport.ops.edge.client import Proxy
from homeport.ops.edge.customfolder import CustomFolder
from homeport.ops.edge.declaration import ProxyAccess
from homeport.ops.edge.dialect import host_fields
from homeport.ops.edge.entry import claim, shut_default
from homeport.ops.edge.errors import HostOfflineError, NotServedError, ProxyRefusedError
from homeport.ops.edge.outside import Outside
from homeport.ops.edge.preflight import Preflight
from homeport.ops.edge.refusals import explain_certificate, explain_host, is_busy, port_taken
from homeport.ops.edge.state import Actual, Host, Seen, WantedHost
from homeport.ops.edge.steps import (
    Claim,
    CloseDefaultSite,
    CreateHost,
    DisableHost,
    EnableHost,
    IssueCertificate,
    MendHost,
    ReleaseNames,
    RemoveHost,
    RenewCertificate,
    RewriteHost,
    ShutDefault,
    Step,
    UpdateHost,
    WriteZone,
)

T = TypeVar("T")

PUT_BACK = "The former configuration was put back."
NOT_PUT_BACK = "The former configuration could not be put back: {}."


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what the proxy does after it has answered."""

    served_seconds: float = 20.0
    settle_seconds: float = 3.0
    leads_here_seconds: float = 10.0
    pause_seconds: float = 0.3
    busy_tries: int = 6
    busy_pause_seconds: float = 15.0


class Performer:
    """Does steps on a proxy that was as `actual` says when they were planned."""

    def __init__(
        self,
        proxy: Proxy,
        outside: Outside,
        folder: CustomFolder,
        access: ProxyAccess,
        actual: Actual,
        *,
        patience: Patience,
    ) -> None:
        self._proxy = proxy
        self._outside = outside
        self._folder = folder
        self._access = access
        self._actual = actual
        self._patience = patience
        self._issued: dict[str, int] = {}
        self._renewed: set[str] = set()

    def perform(self, step: Step) -> None:
        """Do one step; raises what there is to say when it did not work, with the state as it was."""
        try:
            self._perform(step)
        except ProxyRefusedError as error:
            raise explain_host(error, _names_of(step)) from error

    def _perform(self, step: Step) -> None:  # noqa: C901, PLR0912 - the one list of what can be done
        match step:
            case Claim(entry):
                claim(self._proxy, self._access, entry)
            case ShutDefault():
                shut_default(self._proxy, self._access)
            case WriteZone(text):
                self._folder.write_zone(text)
            case CloseDefaultSite(value):
                self._proxy.set_default_site(value)
            case RemoveHost(host):
                self._proxy.delete_host(host.id)
            case ReleaseNames(host, kept):
                self._release(host, kept)
            case IssueCertificate(wanted):
                self._issue(wanted)
            case RenewCertificate(wanted, certificate):
                self._ask_authority(certificate.names, lambda: self._proxy.renew(certificate.id))
                self._renewed.update(certificate.names)
            case CreateHost(wanted, certificate_id):
                self._create(wanted, self._fields(wanted, certificate_id))
            case UpdateHost(host, wanted, certificate_id):
                self._write(host, self._fields(wanted, certificate_id), wanted)
            case RewriteHost(host, wanted, certificate_id):
                self._write(host, self._fields(wanted, certificate_id), wanted)
            case DisableHost(host):
                self._take_off(host)
            case MendHost(host, wanted):
                self._mend(host, wanted)
            case EnableHost(host, wanted):
                self._proxy.enable_host(host.id)
                self._await(wanted)

    def _fields(self, wanted: WantedHost, certificate_id: int | None) -> dict[str, Any]:
        if certificate_id is None:
            certificate_id = self._issued[wanted.name]
        return host_fields(self._actual.version, wanted, certificate_id)

    def _issue(self, wanted: WantedHost) -> None:
        present = self._proxy.list_hosts()
        preflight = Preflight(self._proxy, self._outside, patience_seconds=self._patience.leads_here_seconds)
        preflight.require_leads_here(wanted.names, replace(self._actual, hosts=present))
        # Whether it works or not, the proxy takes hosts with these names down, and gives them back without TLS.
        hosts = [host for host in present if host.names & wanted.names]
        try:
            self._issued[wanted.name] = self._ask_authority(
                wanted.names, lambda: self._proxy.issue(self._actual.version, wanted.names)
            )
        finally:
            for host in hosts:
                self._proxy.put_host(host.id, host.fields)
            self._await_as_before(wanted.names, has_tls=wanted.has_tls)

    def _ask_authority(self, names: Collection[str], ask: Callable[[], T]) -> T:
        """Ask, and wait while certbot is busy: the proxy's own timer renews with it too, and it is alone or fails."""
        for _ in range(self._patience.busy_tries):
            try:
                return ask()
            except ProxyRefusedError as error:
                if not is_busy(error):
                    raise explain_certificate(error, names, self._folder.certbot_log()) from error
                refused = error
            time.sleep(self._patience.busy_pause_seconds)
        raise explain_certificate(refused, names) from refused

    def _create(self, wanted: WantedHost, fields: Mapping[str, Any]) -> None:
        host = self._proxy.host(self._proxy.create_host(fields))
        if not host.is_online:
            self._proxy.delete_host(host.id)
            raise _offline(wanted.names, host.fault, "It was taken away again.")
        self._await(wanted)

    def _write(self, planned: Host, fields: Mapping[str, Any], wanted: WantedHost | None = None) -> None:
        """Change a host; if nginx does not take it, or it is not seen outside where it was before, change it back."""
        former = self._proxy.host(planned.id)
        self._proxy.put_host(former.id, fields)
        host = self._proxy.host(former.id)
        if not host.is_enabled and wanted is not None:
            # What is written to a host that is off reaches nginx when it is switched on.
            self._proxy.enable_host(former.id)
            host = self._proxy.host(former.id)
        if host.is_enabled and not host.is_online:
            raise _offline(former.names, host.fault, self._put_back(former))
        if wanted is None:
            return
        try:
            self._await(wanted)
        except NotServedError as error:
            if former.is_online and self._was_served(former):
                error.hint = f"{error.hint} {self._put_back(former)}".strip()
            raise

    def _release(self, host: Host, kept: frozenset[str]) -> None:
        if not host.is_enabled:
            # Nothing that is written to it reaches the file that it may still have.
            self._take_off(host)
        self._write(host, {"domain_names": sorted(kept)})

    def _take_off(self, host: Host) -> None:
        """Take the file of a host away; one that was switched off by a mere field still has it, and is put on first."""
        both = (self._proxy.enable_host, self._proxy.disable_host)
        for switch in both[1:] if host.is_enabled else both:
            try:
                switch(host.id)
            except ProxyRefusedError as error:
                # While anything is broken it says 500, having done what it was told.
                if error.status < 500:
                    raise

    def _mend(self, host: Host, wanted: WantedHost) -> None:
        fields = self._fields(wanted, 0)
        # Names come and go when the host is changed for good.
        del fields["domain_names"]
        self._proxy.put_host(host.id, fields)
        self._proxy.enable_host(host.id)

    def _put_back(self, former: Host) -> str:
        self._proxy.put_host(former.id, former.fields)
        host = self._proxy.host(former.id)
        if not host.is_online:
            return NOT_PUT_BACK.format(host.fault.strip() or "nginx does not take it")
        self._await_as_before(former.names, has_tls=former.certificate_id > 0)
        return PUT_BACK

    def _was_served(self, former: Host) -> bool:
        return any(self._actual.seen.get(name, Seen()).marker for name in former.names)

    def _await(self, wanted: WantedHost) -> None:
        """Wait until readers get what has been written: the proxy answers before its nginx has read it."""
        for name in sorted(wanted.names):
            deadline = time.monotonic() + self._patience.served_seconds
            while fault := self._fault_at(name, wanted):
                if time.monotonic() >= deadline:
                    raise NotServedError(f"{name} is not served as declared: {fault}")
                time.sleep(self._patience.pause_seconds)

    def _await_as_before(self, names: Collection[str], *, has_tls: bool) -> None:
        """Wait until readers get what they got before; for a while only, since it is looked at again later."""
        deadline = time.monotonic() + self._patience.served_seconds
        for name in sorted(names):
            before = self._actual.seen.get(name, Seen())
            while before.marker and self._outside.look(name, has_tls=has_tls).marker != before.marker:
                if time.monotonic() >= deadline:
                    return
                time.sleep(self._patience.pause_seconds)

    def _fault_at(self, name: str, wanted: WantedHost) -> str:
        seen = self._outside.look(name, has_tls=wanted.has_tls)
        if seen.problem:
            return seen.problem
        if wanted.has_tls and seen.certificate is None:
            return "there is no TLS"
        if seen.certificate is not None:
            if not covers(seen.certificate.names, name):
                return "the certificate is one of another name"
            if self._is_former(name, seen):
                return "the certificate is still the former one"
        return "" if seen.marker == wanted.marker else "the configuration is another one"

    def _is_former(self, name: str, seen: Seen) -> bool:
        """Say whether a certificate is still served that has been renewed since, as its serial shows."""
        before = self._actual.seen.get(name, Seen()).certificate
        is_renewed = any(covers(frozenset((one,)), name) for one in self._renewed)
        assert seen.certificate is not None
        return is_renewed and before is not None and before.serial == seen.certificate.serial


def _names_of(step: Step) -> frozenset[str]:
    wanted = getattr(step, "wanted", None)
    host = getattr(step, "host", None)
    return frozenset().union(wanted.names if wanted else (), host.names if host else ())


def _offline(names: Collection[str], fault: str, consequence: str) -> Exception:
    if taken := port_taken(fault):
        return taken
    reason = " ".join(fault.split()) or "no reason given"
    return HostOfflineError(
        f"the proxy's nginx does not take the host of {', '.join(sorted(names))}: {reason}", hint=consequence
    )
