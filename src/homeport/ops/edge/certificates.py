"""Chooses the certificate of a host among those that the proxy has; says whether it needs another or a newer one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from homeport.ops.edge.state import ALARM, CLOCK_SLACK, Actual, Certificate, Host, Seen, WantedHost

NEW = timedelta(days=1)
"""A certificate from the rehearsal is not exchanged sooner: the proxy's own setting has to be mended first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which certificate is to be used; `renew` is the same one when it ends too soon."""

    used: Certificate | None = None
    renew: Certificate | None = None
    is_missing: bool = False

    @property
    def id(self) -> int:
        """Its number in the proxy, 0 for none."""
        return self.used.id if self.used else 0


def choose_certificate(
    one: WantedHost, host: Host | None, actual: Actual, now: datetime, *, is_staging: bool
) -> Choice:
    """Return the certificate for a host: the one that it has if that will do, else the one that lasts longest."""
    suitable = [certificate for certificate in actual.certificates if _will_do(certificate, one)]
    if not is_staging:
        suitable = [one for one in suitable if not _is_from_rehearsal(one, host, actual, now)]
    if not suitable:
        return Choice(is_missing=True)
    in_use = host.certificate_id if host else 0
    best = max(suitable, key=lambda one: (one.expires_at - now > ALARM, one.id == in_use, one.expires_at))
    if best.expires_at - now > ALARM:
        return Choice(used=best)
    if not best.is_renewable:
        # One that somebody has brought along cannot be renewed, but another can take its place.
        return Choice(is_missing=True)
    # One that ends soon although it is new would only use the authority's limits up.
    return Choice(used=best, renew=best if now - best.modified_at > CLOCK_SLACK else None)


def covers(names: frozenset[str], name: str) -> bool:
    """Say whether a certificate for these names is one for this name too (RFC 6125, section 6.4.3)."""
    return name in names or f"*.{name.partition('.')[2]}" in names


def _will_do(certificate: Certificate, one: WantedHost) -> bool:
    return certificate.was_obtained and all(covers(certificate.names, name) for name in one.names)


def _is_from_rehearsal(certificate: Certificate, host: Host | None, actual: Actual, now: datetime) -> bool:
    """Say whether the certificate in use is seen to be from the rehearsal, and has been long enough."""
    if host is None or certificate.id != host.certificate_id or now - certificate.created_at < NEW:
        return False
    served = [actual.seen.get(name, Seen()).certificate for name in host.names]
    return any(one is not None and one.is_staging for one in served)
