"""Proves from outside that what was declared is what readers get, and says in sentences what is not."""

from collections.abc import Iterator
from datetime import datetime

from homeport.ops.edge.certificates import covers
from homeport.ops.edge.outside import Outside
from homeport.ops.edge.state import ALARM, Seen, ServedCertificate, Wanted, WantedHost

HEALTH_PATH = "/healthz"
AWAY = (502, 503, 504)


def faults_outside(wanted: Wanted, seen: dict[str, Seen], outside: Outside, now: datetime) -> tuple[str, ...]:
    """Return what a reader would notice, one sentence each."""
    return tuple(fault for one in wanted.hosts for fault in _host_faults(one, wanted, seen, outside, now))


def _host_faults(
    one: WantedHost, wanted: Wanted, seen: dict[str, Seen], outside: Outside, now: datetime
) -> Iterator[str]:
    is_reached = False
    for name in (one.name, *one.aliases):
        there = seen.get(name, Seen(problem=f"{name} was not looked at"))
        if there.problem:
            yield f"{name}: {there.problem}"
        elif there.marker != one.marker:
            yield f"{name} is not served as declared"
        else:
            is_reached = is_reached or name == one.name
            yield from _redirect_faults(name, one, outside)
        if one.has_tls and not there.problem:
            yield from certificate_faults(name, there.certificate, now, is_staging=wanted.is_staging)
    if is_reached and one is wanted.hosts[0]:
        yield from _site_faults(one, outside)


def certificate_faults(
    name: str, certificate: ServedCertificate | None, now: datetime, *, is_staging: bool
) -> Iterator[str]:
    """Return what is wrong with a served certificate."""
    if certificate is None:
        yield f"{name} is served without a certificate"
        return
    left = certificate.ends_at - now
    if left <= ALARM:
        days = f"{left.days} days" if left.days >= 0 else "its end has passed"
        yield f"the certificate of {name} ends on {certificate.ends_at:%Y-%m-%d} ({days})"
    if not covers(certificate.names, name):
        yield f"{name} is served with the certificate of another name"
    elif certificate.is_staging and not is_staging:
        yield f"the certificate of {name} is from the authority's rehearsal; unset LE_STAGING where the proxy starts"
    elif certificate.distrust and not is_staging:
        yield f"browsers refuse the certificate of {name}: {certificate.distrust}"


def _redirect_faults(name: str, one: WantedHost, outside: Outside) -> Iterator[str]:
    """Plain HTTP has to lead to TLS, and an alias to the site."""
    scheme = "https" if one.has_tls else "http"
    if one.has_tls:
        found = outside.ask(name, "/", has_tls=False)
        if found is None or found.status != 301 or not found.location.startswith(f"https://{name}"):
            yield f"http://{name} does not lead to https://{name}"
    if name != one.name:
        found = outside.ask(name, "/", has_tls=one.has_tls)
        if found is None or found.location != f"{scheme}://{one.name}/":
            yield f"{name} does not lead to {one.name}"


def _site_faults(one: WantedHost, outside: Outside) -> Iterator[str]:
    found = outside.ask(one.name, HEALTH_PATH, has_tls=one.has_tls)
    if found is None or found.status in AWAY:
        where = f"{one.scheme}://{one.host}:{one.port}"
        yield f"the edge of {one.name} is right, but the site behind it does not answer at {where}"
    elif found.status != 200:
        yield f"what answers behind {one.name} is not the site (status {found.status})"
