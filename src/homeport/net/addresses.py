"""The private-address guard: what a name leads to is looked up once, judged, and then connected to as judged."""

import socket
import threading
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from homeport.net.errors import AddressRefusedError, FetchTimeoutError, HostUnavailableError

Address = IPv4Address | IPv6Address
Guard = Callable[[Address, int], bool]
"""Whether this server may connect to an address and port."""

PORTS = frozenset({80, 443})
# Private, shared (CGNAT), loopback, link-local, documentation, benchmark, relay, multicast and reserved networks.
REFUSED_IPV4 = tuple(
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
# Only global unicast is asked. Mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96), unique local and link-local addresses lie
# outside it; Teredo, documentation and 6to4 inside. All forms that carry an IPv4 address are refused as a whole.
GLOBAL_IPV6 = ip_network("2000::/3")
REFUSED_IPV6 = tuple(ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))


def is_public(address: Address, port: int) -> bool:
    """Return whether an address belongs to the public internet and the port to the web."""
    if port not in PORTS:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED_IPV4)
    return address in GLOBAL_IPV6 and not any(address in network for network in REFUSED_IPV6)


def resolve(host: str, port: int, *, is_allowed: Guard = is_public, timeout_seconds: float = 5) -> tuple[str, ...]:
    """Return the addresses of a host that may be connected to.

    Raises AddressRefusedError when none may, HostUnavailableError when the name leads nowhere.
    """
    addresses = _look_up(host, port, timeout_seconds)
    allowed = tuple(str(address) for address in addresses if is_allowed(address, port))
    if not allowed:
        raise AddressRefusedError(f"{host}:{port} is not a web server of the public internet, so it is not asked.")
    return allowed


def _look_up(host: str, port: int, timeout_seconds: float) -> tuple[Address, ...]:
    """Ask the system in a thread of its own, since it cannot be told when to give up."""
    answers: list[tuple[Address, ...] | OSError | UnicodeError] = []
    thread = threading.Thread(target=lambda: answers.append(_ask(host, port)), daemon=True)
    thread.start()
    thread.join(timeout_seconds)
    if not answers:
        raise FetchTimeoutError(f"the name {host} was not resolved in time.")
    answer = answers[0]
    if isinstance(answer, OSError | UnicodeError):
        raise HostUnavailableError(f"there is no host {host}.") from answer
    return answer


def _ask(host: str, port: int) -> tuple[Address, ...] | OSError | UnicodeError:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return error
    return tuple(dict.fromkeys(ip_address(str(place[0])) for *_rest, place in found))
