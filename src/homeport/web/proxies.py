"""Who is really asking: forwarded headers are believed from trusted proxies only, and only their last hop.

A proxy appends the address it saw, so the last value of `X-Forwarded-For` is the only one that a client cannot write
(RFC 7239, section 8.1). Host, port and prefix are never taken from headers: addresses come from the site's settings.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from homeport.logs import IPV4

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Lookup = Callable[[str], Sequence[str]]

RESOLVE_SECONDS = 10.0
"""How long an address of a proxy that is known by name is believed: containers come back with another one."""

_REQUEST_ID = "HTTP_X_REQUEST_ID"
_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_SCHEME",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    _REQUEST_ID,
)


def look_up(name: str) -> Sequence[str]:
    """Return the addresses of a host name, none when it is not known at the moment."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]
    except OSError:
        return []


class TrustedProxies:
    """Addresses, networks and names whose forwarded headers are believed."""

    def __init__(self, names: Iterable[str], *, look_up: Lookup = look_up) -> None:
        self._networks: list[Network] = []
        self._names: list[str] = []
        self._look_up = look_up
        self._lock = threading.Lock()
        self._resolved: tuple[float, frozenset[str]] = (float("-inf"), frozenset())
        # Who asks for a stored page is looked up as often as it is answered.
        self._is_listed = lru_cache(maxsize=256)(partial(_is_in, self._networks))
        for name in names:
            try:
                self._networks.append(ipaddress.ip_network(name, strict=False))
            except ValueError:
                self._names.append(name)

    def trusts(self, address: str) -> bool:
        """Say whether the peer at this address is one of them."""
        plain = _plain(address)
        return bool(plain) and (self._is_listed(plain) or plain in self._by_name())

    def client_of(self, peer: str, forwarded_for: str) -> str:
        """Return the address of who asks, by the peer's and the header's word."""
        client = _last(forwarded_for) if forwarded_for and self.trusts(peer) else ""
        return client if client and _is_address(client) else peer

    def _by_name(self) -> frozenset[str]:
        if not self._names:
            return frozenset()
        with self._lock:
            resolved_at, addresses = self._resolved
            if time.monotonic() - resolved_at > RESOLVE_SECONDS:
                addresses = frozenset(address for name in self._names for address in self._look_up(name))
                self._resolved = (time.monotonic(), addresses)
            return addresses


class ForwardedHeaders:
    """WSGI middleware that settles client address and scheme, and hides the raw headers from everything behind it.

    The id of a request is such a header, too: who could choose it could write it into somebody else's lines of the log.
    """

    def __init__(self, app: WSGIApplication, proxies: TrustedProxies) -> None:
        self._app = app
        self._proxies = proxies

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request as WSGI (PEP 3333) wants it."""
        forwarded = {name: environ.pop(name) for name in _FORWARDED if name in environ}
        if forwarded and self._proxies.trusts(environ.get("REMOTE_ADDR", "")):
            _believe(environ, forwarded)
        return self._app(environ, start_response)


def _believe(environ: WSGIEnvironment, forwarded: dict[str, Any]) -> None:
    client = _last(forwarded.get("HTTP_X_FORWARDED_FOR", ""))
    if _is_address(client):
        environ["REMOTE_ADDR"] = client
    scheme = _last(forwarded.get("HTTP_X_FORWARDED_PROTO", "")).lower()
    if scheme in ("http", "https"):
        environ["wsgi.url_scheme"] = scheme
    if _REQUEST_ID in forwarded:
        environ[_REQUEST_ID] = forwarded[_REQUEST_ID]


@lru_cache(maxsize=256)
def _plain(address: str) -> str:
    """Return an address as it is usually written, nothing if it is none."""
    try:
        peer = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(peer, ipaddress.IPv6Address) and peer.ipv4_mapped:
        peer = peer.ipv4_mapped
    return str(peer)


def _is_in(networks: Iterable[Network], address: str) -> bool:
    peer = ipaddress.ip_address(address)
    return any(peer in network for network in networks)


def _last(values: str) -> str:
    return values.rpartition(",")[2].strip()


def _is_address(text: str) -> bool:
    if IPV4.fullmatch(text):
        return True
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
