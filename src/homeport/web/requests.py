"""One id and one log line for each request."""

import logging
import time

from flask import Flask, Response, g, request

from homeport.db.session import backends
from homeport.errors import NotFoundError
from homeport.logs import choose_request_id, network_of, request_id

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
        extra={"ms": round(milliseconds, 1), "address": network_of(request.remote_addr or ""), **_backends()},
    )
    return response


def _backends() -> dict[str, str]:
    """Return which processes of the database have worked for this request: its own log has their numbers, too."""
    numbers = dict.fromkeys(backends.get() or ())
    return {"backend": " ".join(map(str, numbers))} if numbers else {}


def _address() -> str:
    """Return what was asked for, without the secret of an address that works like a key."""
    address = request.full_path.rstrip("?")
    given = request.view_args or {}
    for key in filter(None, map(given.get, KEYS)):
        address = address.replace(key, "…")
    return address


def _end(_error: BaseException | None) -> None:
    token, noted = g.pop("request_id_token", None), g.pop("backends_token", None)
    if token is not None:
        request_id.reset(token)
    if noted is not None:
        backends.reset(noted)
