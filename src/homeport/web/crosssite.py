"""Refuses changes that another site makes a browser ask for, without a token in any form.

Browsers say themselves where a request comes from: `Sec-Fetch-Site` (W3C Fetch Metadata), and before that `Origin`
(RFC 6454). A program that sends neither is welcome as long as it brings no cookie that a browser was given.
"""

from flask import Flask, request

from homeport.errors import ForbiddenError
from homeport.web.slots import kernel

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
COOKIE, LOCAL_COOKIE = "__Host-homeport", "homeport"
"""The cookie of who is signed in; the second name is for plain http on this machine, where no cookie can be secure."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class CrossSiteError(ForbiddenError):
    """A change that was asked for from another site."""


def init_app(app: Flask) -> None:
    """Look at every request that changes something before its view does."""
    app.before_request(_check)


def is_loopback_host() -> bool:
    """Say whether the browser asked for this machine by its own name."""
    return request.host.rpartition(":")[0] in LOOPBACK or request.host in LOOPBACK


def _check() -> None:
    if request.method in SAFE_METHODS or request.headers.get("Authorization", "").startswith("Bearer "):
        return
    if not _is_same_site():
        raise CrossSiteError(
            "this change was asked for from another site, so it was not made",
            hint="Open the page here and send it again.",
        )


def _is_same_site() -> bool:
    if fetched_from := request.headers.get("Sec-Fetch-Site"):
        return fetched_from in ("same-origin", "none")
    if origin := request.headers.get("Origin"):
        return origin in _own_origins()
    return not (COOKIE in request.cookies or LOCAL_COOKIE in request.cookies)


def _own_origins() -> set[str]:
    address = kernel().current_site().address
    asked = request.host_url.rstrip("/")
    return {address, asked} if not address or is_loopback_host() else {address}
