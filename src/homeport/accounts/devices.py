"""Browsers that have signed in before: a signed cookie says so, and gives them tries that no stranger can use up."""

import secrets

from flask import Response, request
from itsdangerous import BadData, URLSafeSerializer

from homeport.accounts.guard import COOKIE_SECONDS
from homeport.accounts.hashes import hash_of
from homeport.web.crosssite import is_loopback_host
from homeport.web.slots import kernel

COOKIE, LOCAL_COOKIE = "__Secure-homeport-browser", "homeport-browser"
PATH = "/account"
_SALT = "browser that has signed in"


def known_device(name: str) -> str | None:
    """Return by what the browser is counted if it has signed in as `name` before; None for everybody else."""
    shown = request.cookies.get(LOCAL_COOKIE if _is_local() else COOKIE, "")
    try:
        device, owner = _signer().loads(shown)
    except (BadData, TypeError, ValueError):
        return None
    return hash_of(device).hex()[:32] if owner == _owner(device, name) else None


def remember_device(response: Response, name: str) -> Response:
    """Let the browser show from now on that it has signed in as `name`; it says nothing to who reads the cookie."""
    device, is_local = secrets.token_urlsafe(16), _is_local()
    response.set_cookie(
        LOCAL_COOKIE if is_local else COOKIE,
        str(_signer().dumps([device, _owner(device, name)])),
        max_age=COOKIE_SECONDS,
        path=PATH,
        secure=not is_local,
        httponly=True,
        samesite="Lax",
    )
    return response


def _owner(device: str, name: str) -> str:
    return hash_of(f"{device} {name}").hex()[:32]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(kernel().settings.secret_key, salt=_SALT)


def _is_local() -> bool:
    return is_loopback_host() and not request.is_secure
