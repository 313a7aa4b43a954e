"""Finds, for each declared host, the one in the proxy that it is, and the hosts that have to make room."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from homeport.ops.edge.errors import NamesTakenError
from homeport.ops.edge.state import Actual, Host, Wanted, WantedHost


@dataclass(frozen=True, slots=True)
class Match:
    """Which host is which: `found` by the declared name; `surplus` goes; `releases` keep only some of their names.

    What is `broken` stands in the way of everything else, and is ours to mend or to remove.
    """

    found: Mapping[str, Host]
    broken: tuple[Host, ...]
    surplus: tuple[tuple[Host, str], ...]
    releases: tuple[tuple[Host, frozenset[str]], ...]


def match_hosts(wanted: Wanted, actual: Actual) -> Match:
    """Return how the declared hosts and those of the proxy belong together.

    Raises NamesTakenError when a declared name belongs to something that is not ours to change.
    """
    faults = [*_taken_by_others(wanted, actual), *_shared_with_strangers(wanted, actual)]
    if faults:
        raise NamesTakenError("; ".join(faults), hint="Declare those names too, or remove what has them in the proxy.")
    found = _find(wanted, actual)
    kept = {host.id for host in found.values()}
    surplus = [(host, because) for host, because in _surplus(wanted, actual) if host.id not in kept]
    ours = [*found.values(), *(host for host, _ in surplus)]
    return Match(
        found,
        tuple(host for host in ours if _is_broken(host, actual)),
        tuple(surplus),
        tuple(_releases(wanted, found)),
    )


def _find(wanted: Wanted, actual: Actual) -> dict[str, Host]:
    """Pair by the main name first; what is left is paired by any name."""
    found: dict[str, Host] = {}
    for is_close in (_has_main_name, _has_a_name):
        for one in wanted.hosts:
            taken = {host.id for host in found.values()}
            near = (host for host in actual.hosts if host.id not in taken and is_close(one, host))
            if one.name not in found and (host := next(near, None)):
                found[one.name] = host
    return found


def _has_main_name(one: WantedHost, host: Host) -> bool:
    return one.name in host.names


def _has_a_name(one: WantedHost, host: Host) -> bool:
    return bool(one.names & host.names)


def _surplus(wanted: Wanted, actual: Actual) -> Iterator[tuple[Host, str]]:
    declared = frozenset[str]().union(*(one.names for one in wanted.hosts))
    for host in actual.hosts:
        if host.names & declared:
            yield host, "its names are declared for another host"
        elif host.is_ours:
            yield host, "it is not declared any more"


def _is_broken(host: Host, actual: Actual) -> bool:
    """Say whether nginx has refused a host, or will at the next look: its certificate was deleted."""
    has_lost = host.certificate_id > 0 and all(one.id != host.certificate_id for one in actual.certificates)
    return has_lost or (host.is_enabled and not host.is_online)


def _releases(wanted: Wanted, found: Mapping[str, Host]) -> Iterator[tuple[Host, frozenset[str]]]:
    """Let a host give up names that another one gets; without that the proxy says that they are in use."""
    owner = {name: one.name for one in wanted.hosts for name in one.names}
    for name, host in found.items():
        kept = frozenset(one for one in host.names if owner.get(one, name) == name)
        if kept != host.names:
            yield host, kept


def _taken_by_others(wanted: Wanted, actual: Actual) -> Iterator[str]:
    for one in wanted.hosts:
        for name in sorted(one.names & actual.others.keys()):
            yield f"{name} belongs to a {actual.others[name]} in the proxy"


def _shared_with_strangers(wanted: Wanted, actual: Actual) -> Iterator[str]:
    """A host that somebody made by hand is taken over, unless it also serves what nobody declared."""
    declared = frozenset[str]().union(*(one.names for one in wanted.hosts))
    for host in actual.hosts:
        if host.names & declared and not host.is_ours and (rest := host.names - declared):
            yield f"host {host.id} in the proxy also serves {', '.join(sorted(rest))}, which is not declared"
