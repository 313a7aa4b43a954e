"""One's own passkeys: several, each with the domain that it opens."""

from flask import Blueprint, Response, make_response, redirect, request

from homeport.accounts.audit import note
from homeport.accounts.browsers import browser_name
from homeport.accounts.forms import field
from homeport.accounts.guard import recently_proved, requires, signed_in
from homeport.accounts.passkeys import (
    LONGEST_NAME,
    Holder,
    add_passkey,
    handle_of,
    known_credentials,
    list_passkeys,
    remove_passkey,
)
from homeport.accounts.permissions import Permission
from homeport.accounts.views.passkey_forms import another_made, offer_another, place
from homeport.accounts.views.refusals import in_a_sentence, refused
from homeport.accounts.visitors import actor
from homeport.errors import ConflictError, InvalidError
from homeport.web.database import reader, session
from homeport.web.studio import render_studio

blueprint = Blueprint("accounts_passkeys", __name__, template_folder="../templates")

PAGE = "/account/passkeys"


@blueprint.get(PAGE)
@requires(Permission.READ)
@recently_proved(PAGE)
def show() -> str:
    return _page()


@blueprint.post(f"{PAGE}/options")
@requires(Permission.READ)
@recently_proved(PAGE)
def options() -> Response:
    member = signed_in()
    holder = Holder(handle_of(reader(), member.account_id).bytes, member.name, member.display_name)
    return offer_another(member.account_id, holder, known_credentials(reader(), member.account_id))


@blueprint.post(PAGE)
@requires(Permission.READ)
@recently_proved(PAGE)
def add() -> Response:
    member = signed_in()
    try:
        name = field("name", longest=LONGEST_NAME) or browser_name(request.user_agent.string)
        made = another_made(member.account_id)
        add_passkey(session(), member.account_id, made, name)
    except (InvalidError, ConflictError) as error:
        return refused(_page(in_a_sentence(error)), error)
    note(session(), actor(member), "passkey.add", name, domain=made.domain)
    return make_response(redirect(PAGE, 303))


@blueprint.post(f"{PAGE}/<int:number>/removal")
@requires(Permission.READ)
@recently_proved(PAGE)
def remove(number: int) -> Response:
    member = signed_in()
    name = remove_passkey(session(), member.account_id, number)
    if name is not None:
        note(session(), actor(member), "passkey.remove", name)
    return make_response(redirect(PAGE, 303))


def _page(fault: str = "") -> str:
    passkeys = list_passkeys(reader(), signed_in().account_id)
    return render_studio(
        "accounts/passkeys.html", title="Passkeys", fault=fault, passkeys=passkeys, domain=place().domain
    )
