"""What can be done to a proxy, one write each or as few as it takes, each with the sentence that announces it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeport.ops.edge.state import Certificate, Entry, Host, WantedHost

CLAIMS = {
    Entry.UNCLAIMED: "make ourselves the proxy's administrator, before anybody else does",
    Entry.INITIAL: "exchange the first password of the proxy's administrator, which is in its log, for our own",
    Entry.DEFAULT: "exchange the default mail address and password of the proxy's administrator for our own",
    Entry.HALF_CLAIMED: "exchange the default mail address of the proxy's administrator for our own",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """Become the one who may administer the proxy."""

    entry: Entry

    def __str__(self) -> str:
        return CLAIMS[self.entry]


@dataclass(frozen=True, slots=True)
class ShutDefault:
    """Take the default account away."""

    def __str__(self) -> str:
        return "give the default account admin@example.com, which opens the proxy, a password that nobody knows"


@dataclass(frozen=True, slots=True)
class WriteZone:
    """Write into the proxy's custom folder how much is kept at the edge, and for how long."""

    text: str

    def __str__(self) -> str:
        return "write into the proxy's custom folder what is kept at the edge, and for how long"


@dataclass(frozen=True, slots=True)
class CloseDefaultSite:
    """Answer nobody who asks for a name that is not declared."""

    value: str

    def __str__(self) -> str:
        return f"answer nothing to names that are not declared (default site: {self.value})"


@dataclass(frozen=True, slots=True)
class RemoveHost:
    """Take a host away."""

    host: Host
    because: str

    def __str__(self) -> str:
        return f"remove host {self.host.id} ({_listed(self.host.names)}): {self.because}"


@dataclass(frozen=True, slots=True)
class ReleaseNames:
    """Take names from a host that another one is about to get."""

    host: Host
    kept: frozenset[str]

    def __str__(self) -> str:
        return f"take {_listed(self.host.names - self.kept)} from host {self.host.id}: another one gets it"


@dataclass(frozen=True, slots=True)
class IssueCertificate:
    """Have the authority give a certificate."""

    wanted: WantedHost

    def __str__(self) -> str:
        return f"have a certificate issued for {_listed(self.wanted.names)}"


@dataclass(frozen=True, slots=True)
class RenewCertificate:
    """Have the authority give a certificate anew."""

    wanted: WantedHost
    certificate: Certificate

    def __str__(self) -> str:
        one = self.certificate
        return f"renew certificate {one.id} ({_listed(one.names)}), which ends on {one.expires_at:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class CreateHost:
    """Make a host that is not there; without a `certificate_id` it gets the certificate that was issued just before."""

    wanted: WantedHost
    certificate_id: int | None

    def __str__(self) -> str:
        where = f"{self.wanted.scheme}://{self.wanted.host}:{self.wanted.port}"
        return f"make a host for {_listed(self.wanted.names)}, which leads to {where}"


@dataclass(frozen=True, slots=True)
class UpdateHost:
    """Give a host the fields that it should have; `changes` are those that differ, for whoever reads the plan."""

    host: Host
    wanted: WantedHost
    certificate_id: int | None
    changes: Mapping[str, Any]

    def __str__(self) -> str:
        changed = ", ".join(f"{name} {_short(old)} -> {_short(new)}" for name, (old, new) in self.changes.items())
        return f"change host {self.host.id} ({_listed(self.host.names)}): {changed}"


@dataclass(frozen=True, slots=True)
class DisableHost:
    """Take the file of a broken host from nginx, which takes nothing else while it is there; the host comes back."""

    host: Host

    def __str__(self) -> str:
        return (
            f"switch host {self.host.id} ({_listed(self.host.names)}) off for a while: it is broken, and stops the rest"
        )


@dataclass(frozen=True, slots=True)
class MendHost:
    """Serve a broken host without TLS until it has a certificate again: that may take long, or not work."""

    host: Host
    wanted: WantedHost

    def __str__(self) -> str:
        return f"serve host {self.host.id} ({_listed(self.host.names)}) without TLS until it has a certificate"


@dataclass(frozen=True, slots=True)
class EnableHost:
    """Switch a host on."""

    host: Host
    wanted: WantedHost

    def __str__(self) -> str:
        return f"switch host {self.host.id} ({_listed(self.host.names)}) on"


@dataclass(frozen=True, slots=True)
class RewriteHost:
    """Write a host as it is: the proxy then writes its configuration anew, and reads certificates anew."""

    host: Host
    wanted: WantedHost
    certificate_id: int
    because: str

    def __str__(self) -> str:
        return f"write host {self.host.id} ({_listed(self.host.names)}) again: {self.because}"


Step = (
    Claim
    | ShutDefault
    | WriteZone
    | CloseDefaultSite
    | RemoveHost
    | ReleaseNames
    | IssueCertificate
    | RenewCertificate
    | CreateHost
    | UpdateHost
    | DisableHost
    | MendHost
    | EnableHost
    | RewriteHost
)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _short(value: Any) -> str:
    """Return a value as it is shown in a line: texts of many lines are not."""
    if isinstance(value, str) and "\n" in value:
        return value.partition("\n")[0].lstrip("# ")
    return "a new certificate" if value is None else repr(value)
