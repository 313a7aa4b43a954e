"""One's own API tokens, and for owners those of everybody."""

from flask import Blueprint, Response, make_response, redirect, request

from homeport.accounts.audit import note
from homeport.accounts.forms import field
from homeport.accounts.guard import recently_proved, requires, signed_in
from homeport.accounts.permissions import Permission
from homeport.accounts.tokens import LONGEST_NAME, list_tokens, make_token, revoke_token
from homeport.accounts.views.newcomer_form import typed
from homeport.accounts.views.refusals import in_a_sentence, refused
from homeport.accounts.visitors import actor
from homeport.errors import InvalidError
from homeport.web.database import reader, session
from homeport.web.studio import render_studio

blueprint = Blueprint("accounts_tokens", __name__, template_folder="../templates")

PAGE, ALL = "/account/tokens", "/studio/tokens"
LIVES = {"30": "A month", "90": "Three months", "365": "A year", "": "For ever"}
SCOPES = {
    Permission.READ: "Read drafts, media and settings",
    Permission.WRITE: "Write, publish and delete own entries; upload",
    Permission.EDIT: "The same for everybody's entries; tags, series, comments",
    Permission.MANAGE: "Change settings, see everything",
}


@blueprint.get(PAGE)
@requires(Permission.READ)
@recently_proved(PAGE)
def show() -> str:
    return _page()


@blueprint.post(PAGE)
@requires(Permission.READ)
@recently_proved(PAGE)
def make() -> str | Response:
    member = signed_in()
    try:
        name, scopes = field("name", longest=LONGEST_NAME), request.form.getlist("scope")
        token = make_token(session(), member, name, scopes, days=_days(field("days")))
    except InvalidError as error:
        return refused(_page(fault=in_a_sentence(error)), error)
    note(session(), actor(member), "token.create", name, scopes=scopes)
    return _page(token=token, fresh=name)


@blueprint.post(f"{PAGE}/<int:number>/revocation")
@requires(Permission.READ)
def revoke(number: int) -> Response:
    member = signed_in()
    name = revoke_token(session(), number, account_id=member.account_id)
    return _revoked(name, PAGE)


@blueprint.get(ALL)
@requires(Permission.MANAGE)
def show_all() -> str:
    return render_studio("accounts/all_tokens.html", title="API tokens", tokens=list_tokens(reader()))


@blueprint.post(f"{ALL}/<int:number>/revocation")
@requires(Permission.MANAGE)
@recently_proved(ALL)
def revoke_any(number: int) -> Response:
    return _revoked(revoke_token(session(), number), ALL)


def _revoked(name: str | None, page: str) -> Response:
    if name is not None:
        note(session(), actor(signed_in()), "token.revoke", name)
    return make_response(redirect(page, 303))


def _days(text: str) -> int | None:
    if text not in LIVES:
        raise InvalidError("choose one of the times")
    return int(text) if text else None


def _page(*, token: str = "", fresh: str = "", fault: str = "") -> str:
    member = signed_in()
    # The session, because the list shall hold the token that this very request has made.
    tokens = list_tokens(session().connection(), account_id=member.account_id)
    scopes = {scope: words for scope, words in SCOPES.items() if member.may(scope)}
    return render_studio(
        "accounts/tokens.html",
        title="API tokens",
        tokens=tokens,
        token=token,
        fresh=fresh,
        fault=fault,
        typed=typed("name", "days") if fault else {},
        chosen=request.form.getlist("scope") if fault else ["read"],
        scopes=scopes,
        lives=LIVES,
    )
