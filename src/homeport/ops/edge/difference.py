"""Compares an edge as it should be with the edge as it is, and says what to do; pure, so it is tried in thousands."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from homeport.ops.edge.certificates import Choice, choose_certificate, covers
from homeport.ops.edge.dialect import host_fields
from homeport.ops.edge.matching import Match, match_hosts
from homeport.ops.edge.nginx import uses_own_zone
from homeport.ops.edge.state import CLOCK_SLACK, Actual, Certificate, Entry, Host, Seen, Wanted, WantedHost
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


def steps_between(wanted: Wanted, actual: Actual, now: datetime) -> tuple[Step, ...]:
    """Return what makes the actual edge the wanted one, in the order in which it has to be done.

    Raises NamesTakenError when a declared name belongs to something in the proxy that is not ours to change.
    """
    match = match_hosts(wanted, actual)
    host_steps = [step for one in wanted.hosts for step in _host_steps(one, wanted, match, actual, now)]
    return (
        *_admission(actual),
        *(DisableHost(host) for host in match.broken),
        *_house_rules(wanted, actual),
        *(RemoveHost(host, because) for host, because in match.surplus),
        *(ReleaseNames(host, kept) for host, kept in match.releases),
        *_each_renewal_once(host_steps),
    )


def _each_renewal_once(steps: Iterable[Step]) -> Iterator[Step]:
    """Hosts may share a certificate."""
    renewed: set[int] = set()
    for step in steps:
        if isinstance(step, RenewCertificate):
            if step.certificate.id in renewed:
                continue
            renewed.add(step.certificate.id)
        yield step


def _admission(actual: Actual) -> Iterator[Step]:
    if actual.entry is not Entry.OURS:
        yield Claim(actual.entry)
    if actual.is_default_open and actual.entry is not Entry.DEFAULT:
        yield ShutDefault()


def _house_rules(wanted: Wanted, actual: Actual) -> Iterator[Step]:
    # It has to be there before a host speaks of it, and the proxy reads it with the next write to a host.
    if wanted.zone is not None and wanted.zone != actual.zone:
        yield WriteZone(wanted.zone)
    if wanted.default_site != actual.default_site:
        yield CloseDefaultSite(wanted.default_site)


def _host_steps(one: WantedHost, wanted: Wanted, match: Match, actual: Actual, now: datetime) -> Iterator[Step]:
    host = match.found.get(one.name)
    choice = choose_certificate(one, host, actual, now, is_staging=wanted.is_staging) if one.has_tls else Choice()
    if choice.is_missing:
        if host is not None and host in match.broken:
            yield MendHost(host, one)
        yield IssueCertificate(one)
    elif choice.renew is not None:
        yield RenewCertificate(one, choice.renew)
    certificate_id = None if choice.is_missing else choice.id
    if host is None:
        yield CreateHost(one, certificate_id)
        return
    changes = _changes(host_fields(actual.version, one, choice.id), host.fields, is_new=choice.is_missing)
    if changes:
        yield UpdateHost(host, one, certificate_id, changes)
    elif not host.is_enabled:
        yield EnableHost(host, one)
    elif because := _fault(one, host, choice, actual, wanted):
        yield RewriteHost(host, one, choice.id, because)


def _changes(wanted: Mapping[str, Any], fields: Mapping[str, Any], *, is_new: bool) -> dict[str, Any]:
    """Return the fields that differ, each with what it is and what it should be."""
    if is_new:
        wanted = {**wanted, "certificate_id": None, "ssl_forced": True, "http2_support": True}
    return {name: (fields.get(name), value) for name, value in wanted.items() if fields.get(name) != value}


def _fault(one: WantedHost, host: Host, choice: Choice, actual: Actual, wanted: Wanted) -> str:
    """Return why a host whose fields are all right has to be written again nevertheless."""
    if choice.renew is not None:
        return "the proxy goes on serving the former certificate until then"
    if not host.is_online:
        return f"nginx did not take it ({host.fault.strip() or 'no reason given'})"
    if wanted.zone != actual.zone and uses_own_zone(one.config):
        return "so that nginx reads the custom folder"
    for name in sorted(one.names):
        if fault := _seen_fault(name, one, actual.seen.get(name, Seen()), choice.used):
            return fault
    return ""


def _seen_fault(name: str, one: WantedHost, seen: Seen, used: Certificate | None) -> str:
    """Return what is wrong with what is seen outside and would be mended by writing the host again."""
    if seen.problem:
        # Nobody answers, or somebody else does: what the proxy has been told does not change that.
        return ""
    if used is not None and seen.certificate is None:
        return f"{name} is served without a certificate"
    if used is not None and seen.certificate is not None:
        if used.expires_at - seen.certificate.ends_at > CLOCK_SLACK:
            return f"{name} is served with a certificate that has been renewed since"
        if not covers(seen.certificate.names, name):
            return f"{name} is served with the certificate of another name"
    return "" if seen.marker == one.marker else f"{name} is not served as declared"
