"""What the edge is at the moment, for people and for machines: hosts, certificates, days left, drift, alarms."""

from dataclasses import dataclass
from datetime import datetime

from homeport.ops.edge.reconciler import Plan
from homeport.ops.edge.state import Actual, Certificate, Host, Seen, WantedHost


@dataclass(frozen=True, slots=True)
class HostStatus:
    """A host: what it answers to, where it leads, and what readers get there."""

    names: tuple[str, ...]
    leads_to: str
    is_declared: bool
    is_online: bool
    certificate_ends_at: datetime | None
    days_left: int | None


@dataclass(frozen=True, slots=True)
class CertificateStatus:
    """A certificate of the proxy, used or not."""

    id: int
    names: tuple[str, ...]
    ends_at: datetime
    days_left: int
    is_used: bool


@dataclass(frozen=True, slots=True)
class EdgeStatus:
    """The whole edge; `drift` is what `apply` would do, `alarms` what readers notice or soon will."""

    version: str
    hosts: tuple[HostStatus, ...]
    certificates: tuple[CertificateStatus, ...]
    drift: tuple[str, ...]
    alarms: tuple[str, ...]
    remarks: tuple[str, ...]


def status_of(plan: Plan, alarms: tuple[str, ...], now: datetime) -> EdgeStatus:
    """Return the status that a plan and a look from outside amount to."""
    actual = plan.actual
    by_name = {name: one for one in plan.wanted.hosts for name in one.names}
    hosts = [_host_status(host, by_name, actual, now) for host in actual.hosts]
    missing = [one for one in plan.wanted.hosts if not any(one.name in host.names for host in actual.hosts)]
    return EdgeStatus(
        version=str(actual.version),
        hosts=(*hosts, *(_missing_status(one) for one in missing)),
        certificates=tuple(_certificate_status(one, actual, now) for one in actual.certificates),
        drift=tuple(map(str, plan.steps)),
        alarms=alarms,
        remarks=plan.wanted.remarks,
    )


def _host_status(host: Host, by_name: dict[str, WantedHost], actual: Actual, now: datetime) -> HostStatus:
    served = [actual.seen.get(name, Seen()).certificate for name in sorted(host.names)]
    ends = min((one.ends_at for one in served if one is not None), default=None)
    fields = host.fields
    return HostStatus(
        names=tuple(sorted(host.names)),
        leads_to=f"{fields['forward_scheme']}://{fields['forward_host']}:{fields['forward_port']}",
        is_declared=bool(host.names & by_name.keys()),
        is_online=host.is_online and host.is_enabled,
        certificate_ends_at=ends,
        days_left=None if ends is None else (ends - now).days,
    )


def _missing_status(one: WantedHost) -> HostStatus:
    leads_to = f"{one.scheme}://{one.host}:{one.port}"
    return HostStatus(tuple(sorted(one.names)), leads_to, True, False, None, None)


def _certificate_status(one: Certificate, actual: Actual, now: datetime) -> CertificateStatus:
    return CertificateStatus(
        id=one.id,
        names=tuple(sorted(one.names)),
        ends_at=one.expires_at,
        days_left=(one.expires_at - now).days,
        is_used=any(host.certificate_id == one.id for host in actual.hosts),
    )
