"""What a request tells about who sends it: over which kind of connection, and from where, for limits by address."""

import ipaddress

from flask import request

from homeport.accounts.audit import Actor
from homeport.accounts.limits import hit
from homeport.accounts.permissions import Member
from homeport.errors import ForbiddenError
from homeport.web.crosssite import is_loopback_host
from homeport.web.slots import kernel

IPV6_SITE = 64
"""Bits of an IPv6 address that tell one customer from another; the rest one customer may choose freely."""


class InsecureConnectionError(ForbiddenError):
    """A secret would travel readably, and the cookie for it could not be kept to secure connections."""


def is_safe_connection() -> bool:
    """Say whether a secret may be sent: over https, or without leaving this machine."""
    return request.is_secure or is_loopback_host()


def require_safe_connection() -> None:
    """Refuse to take or give a secret over plain http.

    Raises InsecureConnectionError.
    """
    if not is_safe_connection():
        raise InsecureConnectionError(
            "this page came over plain http, where everybody on the way could read a password",
            hint="Open it over https. If it was https up to a proxy, name that proxy in TRUSTED_PROXIES.",
        )


def limit_address() -> str | None:
    """Return whom a limit by address counts; None when the address may be a proxy's, which speaks for everybody."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return _shared_or(address, str(ipaddress.ip_network((address, IPV6_SITE), strict=False)))
        address = address.ipv4_mapped
    return _shared_or(address, str(address))


def count_by_address(what: str, *, limit: int, window_seconds: int, together: int | None = None) -> None:
    """Count one try against the visitor's address; where that is not known, against the limit of all `together`.

    Raises LimitReachedError.
    """
    address = limit_address()
    if address is not None:
        hit(kernel().database, f"{what}:address:{address}", limit=limit, window_seconds=window_seconds)
    elif together is not None:
        hit(kernel().database, f"{what}:together", limit=together, window_seconds=window_seconds)


def address_of_request() -> str:
    """Return the network address that a request came from, for the audit log."""
    return request.remote_addr or ""


def actor(member: Member) -> Actor:
    """Return the member as the one who did it, from where the request came."""
    return Actor.of(member, address_of_request())


def visitor(name: str, account_id: int | None = None) -> Actor:
    """Return somebody who is not signed in as the one who did it."""
    return Actor(account_id, name, address_of_request())


def _shared_or(address: ipaddress.IPv4Address | ipaddress.IPv6Address, key: str) -> str | None:
    # Without TRUSTED_PROXIES a proxy in the same network is all that is seen of everybody behind it.
    may_be_proxy = not address.is_global and not kernel().settings.trusted_proxies
    return None if may_be_proxy else key
