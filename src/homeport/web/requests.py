"""One id and one log line for each request."""

import logging
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import unquote

from flask import Flask, Response, g, request

from homeport.db.session import backends
from homeport.errors import NotFoundError
from homeport.logs import choose_request_id, request_id, write_lines
from homeport.web.proxies import IPV4

if TYPE_CHECKING:
    from homeport.cache.answers import Answered

log = logging.getLogger("homeport.requests")

KEYS = ("token", "signed")
"""Parts of addresses that open something."""


def init_app(app: Flask) -> None:
    """Give every request an id, and write one line when it has been answered."""
    app.before_request(_begin)
    app.after_request(_answered)
    app.teardown_request(_end)


def _begin() -> None:
    g.request_id_token = request_id.set(choose_request_id(request.headers.get("X-Request-Id", "")))
    g.backends_token = backends.set([])
    g.began_at = time.perf_counter()
    # PostgreSQL's text cannot hold a zero byte, so nothing here has one in its address.
    if "\x00" in request.path or b"%00" in request.query_string:
        raise NotFoundError("no address has a zero byte in it")


def _answered(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id.get()
    milliseconds = (time.perf_counter() - g.get("began_at", time.perf_counter())) * 1000
    log.log(
        logging.DEBUG if request.path in ("/healthz", "/readyz") else logging.INFO,
        "%s %s %s",
        request.method,
        _address(),
        response.status_code,
        extra={"ms": round(milliseconds, 1), "address": _network(request.remote_addr or ""), **_backends()},
    )
    return response


def _backends() -> dict[str, str]:
    """Return which processes of the database have worked for this request: its own log has their numbers, too."""
    numbers = dict.fromkeys(backends.get() or ())
    return {"backend": " ".join(map(str, numbers))} if numbers else {}


def log_answered(answered: Iterable["Answered"], address_of: Callable[[str, str], str]) -> None:
    """Write the lines of requests that were answered from the store, before they became anything."""
    write_lines(
        log,
        [
            (at, _said(head.method, head.target, status), request_id, _network(address_of(peer, forwarded_for)))
            for at, peer, head, status, request_id, forwarded_for in answered
        ],
    )


@lru_cache(maxsize=256)
def _said(method: str, target: str, status: int) -> str:
    return f"{method} {unquote(target)} {status}"


def _address() -> str:
    """Return what was asked for, without the secret of an address that works like a key."""
    address = request.full_path.rstrip("?")
    given = request.view_args or {}
    for key in filter(None, map(given.get, KEYS)):
        address = address.replace(key, "…")
    return address


@lru_cache(maxsize=1024)
def _network(address: str) -> str:
    """Return where a visitor came from, without the part that says which household: a log is kept for long."""
    usual = IPV4.fullmatch(address)
    if usual:
        return f"{usual[1]}0"
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((parsed, 48), strict=False).network_address)


def _end(_error: BaseException | None) -> None:
    token, noted = g.pop("request_id_token", None), g.pop("backends_token", None)
    if token is not None:
        request_id.reset(token)
    if noted is not None:
        backends.reset(noted)
