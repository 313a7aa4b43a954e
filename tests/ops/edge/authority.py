"""A certificate authority that gives what it is asked for, or refuses in certbot's words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

REFUSED_CHALLENGE = """\
Certbot failed to authenticate some domains (authenticator: webroot). The Certificate Authority reported these problems:
  Domain: {name}
  Type:   unauthorized
  Detail: 203.0.113.9: Invalid response from http://{name}/.well-known/acme-challenge/x: 404

Hint: The Certificate Authority failed to download the temporary challenge files created by Certbot.

Some challenges have failed.
Ask for help or search for solutions at https://community.letsencrypt.org."""
RATE_LIMIT = (
    "An unexpected error occurred:\ntoo many certificates (5) already issued for this exact set of identifiers in the "
    "last 168h0m0s, retry after {until} UTC: see https://letsencrypt.org/docs/rate-limits/"
)


class RefusedOrderError(Exception):
    """The authority, or certbot, says no."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True)
class CertificateFile:
    """A certificate on the proxy's disk."""

    serial: int
    names: frozenset[str]
    ends_at: datetime
    issuer: str = "CN=E5,O=Let's Encrypt,C=US"


class Authority(Protocol):
    """Whoever gives certificates."""

    def issue(self, number: int, names: list[str], email: str) -> CertificateFile: ...

    def renew(self, number: int, names: list[str]) -> CertificateFile: ...


@dataclass
class AgreeableAuthority:
    """Gives a certificate for ninety days at once, unless there is a refusal in its drawer."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    life: timedelta = timedelta(days=90)
    issuer: str = "CN=E5,O=Let's Encrypt,C=US"
    refusals: list[str] = field(default_factory=list)
    given: int = 0

    def issue(self, number: int, names: list[str], email: str) -> CertificateFile:
        return self.renew(number, names)

    def renew(self, number: int, names: list[str]) -> CertificateFile:
        if self.refusals:
            raise RefusedOrderError(self.refusals.pop(0))
        self.given += 1
        return CertificateFile(1000 + self.given, frozenset(names), self.now() + self.life, self.issuer)
