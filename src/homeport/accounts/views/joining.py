"""The ends of two one-time links: joining with an invitation, and a new password for who has lost theirs."""

from flask import Blueprint, Response, make_response, redirect

from homeport.accounts.actions import reset_password
from homeport.accounts.audit import note
from homeport.accounts.entrance import let_in
from homeport.accounts.forms import secret
from homeport.accounts.guard import SIGN_IN_PATH, open_to_all
from homeport.accounts.links import INVITATION, RESET, Link, LinkGoneError, find_link, use_link
from homeport.accounts.newcomers import join
from homeport.accounts.queries import name_of
from homeport.accounts.views.newcomer_form import newcomer, offer_passkey, typed
from homeport.accounts.views.refusals import in_a_sentence, refused
from homeport.accounts.visitors import is_safe_connection, require_safe_connection, visitor
from homeport.errors import ConflictError, InvalidError, TooManyRequestsError
from homeport.web.database import reader, session
from homeport.web.studio import render_studio

blueprint = Blueprint("accounts_joining", __name__, template_folder="../templates")

HOLDER = "only who was given the link knows its token"


@blueprint.get("/account/join/<token>")
@open_to_all(HOLDER)
def invitation(token: str) -> str | Response:
    try:
        return _join_page(find_link(reader(), INVITATION, token))
    except LinkGoneError as error:
        return _gone(error, INVITATION)


@blueprint.post("/account/join/<token>")
@open_to_all(HOLDER)
def accept(token: str) -> Response:
    require_safe_connection()
    try:
        link = find_link(reader(), INVITATION, token)
        account = join(session(), token, newcomer())
    except LinkGoneError as error:
        return _gone(error, INVITATION)
    except (InvalidError, ConflictError, TooManyRequestsError) as error:
        return refused(_join_page(link, in_a_sentence(error)), error)
    note(session(), visitor(account.name, account.id), "account.join", account.name, role=account.role)
    return let_in(account.id, account.name, method="invitation")


@blueprint.post("/account/join/<token>/passkey")
@open_to_all(HOLDER)
def passkey_options(token: str) -> Response:
    require_safe_connection()
    find_link(reader(), INVITATION, token)
    return offer_passkey()


@blueprint.get("/account/reset/<token>")
@open_to_all(HOLDER)
def new_password(token: str) -> str | Response:
    try:
        return _reset_page(_name(find_link(reader(), RESET, token)))
    except LinkGoneError as error:
        return _gone(error, RESET)


@blueprint.post("/account/reset/<token>")
@open_to_all(HOLDER)
def set_password(token: str) -> Response:
    require_safe_connection()
    try:
        name = _name(find_link(reader(), RESET, token))
        use_link(session(), RESET, token)
        account = reset_password(session(), name, secret("password"))
    except LinkGoneError as error:
        return _gone(error, RESET)
    except (InvalidError, TooManyRequestsError) as error:
        return refused(_reset_page(name, in_a_sentence(error)), error)
    note(session(), visitor(account.name, account.id), "password.reset", account.name)
    return make_response(redirect(f"{SIGN_IN_PATH}?new-password=1", 303))


def _join_page(link: Link, fault: str = "") -> str:
    return render_studio(
        "accounts/join.html",
        title="Join",
        fault=fault,
        role=link.role,
        typed=typed("display_name", "account_name"),
        is_safe=is_safe_connection(),
    )


def _name(link: Link) -> str:
    return name_of(reader(), link.account_id or 0)


def _reset_page(name: str, fault: str = "") -> str:
    return render_studio(
        "accounts/reset.html", title="New password", fault=fault, name=name, is_safe=is_safe_connection()
    )


def _gone(error: LinkGoneError, purpose: str) -> Response:
    return refused(render_studio("accounts/link_gone.html", title="This link is used up", purpose=purpose), error)
