"""Makes sure that a name leads to this very proxy before a certificate is asked for: a failed try counts as one."""

import secrets
import time
from collections.abc import Collection, Iterable

from homeport.ops.edge.client import Proxy
from homeport.ops.edge.dialect import probe_fields
from homeport.ops.edge.errors import NotPointingHereError
from homeport.ops.edge.nginx import probe_config
from homeport.ops.edge.outside import Outside
from homeport.ops.edge.state import MARK, Actual, Seen

PAUSE_SECONDS = 0.3
REMEDY = (
    "Correct the A and AAAA records of the name, or the firewall. No certificate was asked for, nothing was changed."
)


class Preflight:
    """Tries names by a host that shows a secret, for as long as it takes to look."""

    def __init__(self, proxy: Proxy, outside: Outside, *, patience_seconds: float) -> None:
        self._proxy = proxy
        self._outside = outside
        self._patience_seconds = patience_seconds

    def require_leads_here(self, names: Collection[str], actual: Actual) -> None:
        """Raise NotPointingHereError unless each name leads readers, and so the authority, to this proxy."""
        unproven = [name for name in sorted(names) if not _is_proven(name, actual)]
        self._require_known(unproven)
        taken = frozenset[str]().union(*(host.names for host in actual.hosts))
        # A name that has a host already cannot be given to another one for trying.
        free = [name for name in unproven if name not in taken]
        if free:
            self._try(free, actual)

    def _require_known(self, names: Iterable[str]) -> None:
        for name in names:
            if not self._outside.addresses_of(name):
                raise NotPointingHereError(f"{name} has no address in the DNS", hint=REMEDY)

    def _try(self, names: Collection[str], actual: Actual) -> None:
        marker = secrets.token_hex(8)
        number = self._proxy.create_host(probe_fields(actual.version, names, probe_config(marker)))
        try:
            for name in names:
                for address in self._outside.addresses_of(name):
                    self._require_marker(name, address, marker)
        finally:
            self._proxy.delete_host(number)

    def _require_marker(self, name: str, address: str, marker: str) -> None:
        deadline = time.monotonic() + self._patience_seconds
        seen = self._outside.look(name, has_tls=False, address=address)
        while seen.marker != marker and time.monotonic() < deadline:
            time.sleep(PAUSE_SECONDS)
            seen = self._outside.look(name, has_tls=False, address=address)
        if seen.marker != marker and not _is_out_of_reach(seen):
            there = seen.problem or f"another server answers at {address}"
            raise NotPointingHereError(f"{name} does not lead to this proxy: {there}", hint=REMEDY)


def _is_proven(name: str, actual: Actual) -> bool:
    marker = actual.seen.get(name, Seen()).marker
    begins = f"{MARK}{marker}\n"
    return bool(marker) and any(
        name in host.names and str(host.fields["advanced_config"]).startswith(begins) for host in actual.hosts
    )


def _is_out_of_reach(seen: Seen) -> bool:
    """A server without IPv6 cannot judge an address of that kind; that says nothing about others."""
    return "unreachable" in seen.problem or "cannot assign" in seen.problem
