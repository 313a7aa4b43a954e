"""The door of every page that is not public: each route says what it needs, and here it is checked."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Response, g, make_response, redirect, request

from homeport.accounts.permissions import Member, Permission
from homeport.accounts.signins import find_member, note_seen
from homeport.accounts.tokens import find_token_member, note_token_used
from homeport.errors import ForbiddenError, UnauthorisedError
from homeport.web.crosssite import COOKIE, LOCAL_COOKIE, is_loopback_host
from homeport.web.database import reader
from homeport.web.problems import is_program
from homeport.web.slots import kernel

View = TypeVar("View", bound=Callable[..., Any])
SIGN_IN_PATH = "/account/sign-in"
PROVE_PATH = "/account/prove"
BEARER = "Bearer "
# The longest that browsers take; whether it still opens anything is decided by the row that it names.
COOKIE_SECONDS = 400 * 24 * 3600


class ProofTooOldError(ForbiddenError):
    """What opens an account may only be changed by whoever has just proved again that it is theirs."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Let only members with this permission into a view; a browser that is not signed in is led to where it can."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            member = current_member()
            if member is None:
                return _ask_to_sign_in()
            if not member.may(permission):
                raise ForbiddenError(f"this needs the permission to {permission.value}, which {member.name} has not")
            return view(*args, **kwargs)

        guarded.needs = permission  # type: ignore[attr-defined]  # read by the test of all routes
        return guarded  # type: ignore[return-value]  # the same signature, wrapped

    return decorate


def recently_proved(page: str) -> Callable[[View], View]:
    """Let only those in who proved in the last minutes who they are; others do so first and come back to `page`.

    Goes below `requires`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if signed_in().is_proved:
                return view(*args, **kwargs)
            if not _takes_pages():
                raise ProofTooOldError("show once more that it is you", hint="Load the page again.")
            return redirect(f"{PROVE_PATH}?next={quote(page, safe='/')}", 303)

        return guarded  # type: ignore[return-value]  # the same signature, wrapped

    return decorate


def open_to_all(reason: str) -> Callable[[View], View]:
    """Mark a view outside the public pages that anybody may ask for, and say why that is safe."""

    def decorate(view: View) -> View:
        view.open_because = reason  # type: ignore[attr-defined]  # read by the test of all routes
        return view

    return decorate


def current_member() -> Member | None:
    """Return who is asking, looked up once a request; None for a visitor."""
    if "member" not in g:
        g.member = _find_member()
    member: Member | None = g.member
    return member


def signed_in() -> Member:
    """Return who is asking in a view behind `requires`.

    Raises UnauthorisedError for a visitor.
    """
    member = current_member()
    if member is None:
        raise UnauthorisedError("sign in first")
    return member


def remember(response: Response, token: str) -> Response:
    """Give the browser its cookie: out of reach of scripts and other sites, and bound to this host."""
    is_local = is_loopback_host() and not request.is_secure
    response.set_cookie(
        LOCAL_COOKIE if is_local else COOKIE,
        token,
        max_age=COOKIE_SECONDS,
        path="/",
        secure=not is_local,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: Response) -> Response:
    """Take the cookie away again."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    response.delete_cookie(LOCAL_COOKIE, path="/", httponly=True, samesite="Lax")
    return response


def sign_in_token() -> str:
    """Return what the browser shows as its sign-in, good or not; empty when it shows nothing."""
    return request.cookies.get(COOKIE) or (request.cookies.get(LOCAL_COOKIE) if is_loopback_host() else None) or ""


def _find_member() -> Member | None:
    shown = request.headers.get("Authorization", "")
    if shown.startswith(BEARER):
        # Such a request was not asked where it comes from, so a cookie that is with it must not count.
        return _find_program(shown.removeprefix(BEARER).strip()) if is_program() else None
    token = "" if is_program() else sign_in_token()
    member = find_member(reader(), token) if token else None
    if member is not None and member.is_stale and member.sign_in_id is not None:
        with kernel().database.record_now() as connection:
            note_seen(connection, member.sign_in_id)
    return member


def _find_program(token: str) -> Member | None:
    member = find_token_member(reader(), token)
    if member is not None and member.is_stale and member.token_id is not None:
        with kernel().database.record_now() as connection:
            note_token_used(connection, member.token_id)
    return member


def _takes_pages() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) != "application/json"


def _ask_to_sign_in() -> Response:
    wants_page = request.method in ("GET", "HEAD") and _takes_pages()
    if is_program():
        raise _token_wanted(request.headers.get("Authorization", ""))
    if not wants_page:
        raise UnauthorisedError("sign in first", hint="What you wrote is still in this window; sign in in another one.")
    asked = request.full_path.rstrip("?")
    return make_response(redirect(f"{SIGN_IN_PATH}?next={quote(asked, safe='/')}"))


def _token_wanted(shown: str) -> UnauthorisedError:
    where = "Make one in the studio, under API tokens (/account/tokens)."
    if not shown:
        return UnauthorisedError("no token was shown", hint=f"Send it as “Authorization: Bearer hp_…”. {where}")
    if not shown.startswith(BEARER):
        return UnauthorisedError("what stands in Authorization is no token", hint=f"Write “Bearer hp_…” there. {where}")
    fate = "It may be mistyped, have expired or been withdrawn."
    return UnauthorisedError("this token opens nothing", hint=f"{fate} {where}")
