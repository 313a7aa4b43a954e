"""What can go wrong between a declaration and a proxy that does what it says."""

from datetime import datetime

from homeport.errors import ConflictError, ForbiddenError, UnavailableError


class ProxyAwayError(UnavailableError):
    """The proxy does not answer, or something else answers in its place."""


class ProxyVersionError(ConflictError):
    """The proxy is of a version that this release does not know."""


class ProxyPasswordError(ForbiddenError):
    """The proxy does not let us in."""


class ProxyRefusedError(ConflictError):
    """The proxy has refused a request; `details` has what it said beside its message, certbot's output included."""

    def __init__(self, message: str, *, status: int, said: str, details: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.said = said
        self.details = details


class NamesTakenError(ConflictError):
    """Names that are declared here belong to something in the proxy that nobody declared."""


class HostOfflineError(ConflictError):
    """The proxy has taken a host and does not serve it."""


class CertificateRefusedError(UnavailableError):
    """The certificate authority gives no certificate."""


class CertificateLimitError(CertificateRefusedError):
    """The certificate authority has given, or refused, too many of late; `until` says when it may be asked again."""

    def __init__(self, message: str, *, hint: str = "", until: datetime | None = None) -> None:
        super().__init__(message, hint=hint)
        self.until = until


class PortTakenError(UnavailableError):
    """Another program sits on a port that the proxy needs."""


class NotPointingHereError(UnavailableError):
    """A declared name leads nowhere, or to another server."""


class NotServedError(UnavailableError):
    """Seen from outside, the site is not what was declared."""
