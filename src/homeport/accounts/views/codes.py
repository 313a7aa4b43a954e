"""One-time codes from a phone, asked for beside the password, and ten codes on paper for the day it is lost."""

from flask import Blueprint, Response, make_response, redirect
from markupsafe import Markup

from homeport.accounts.audit import note
from homeport.accounts.challenges import ChallengeGoneError, Purpose, ask, take
from homeport.accounts.forms import field, secret
from homeport.accounts.guard import recently_proved, requires, signed_in
from homeport.accounts.permissions import Permission
from homeport.accounts.secondfactor import (
    WrongCodeError,
    count_recovery_codes,
    has_codes,
    new_recovery_codes,
    new_secret,
    provisioning_uri,
    qr_code,
    switch_off,
    switch_on,
)
from homeport.accounts.views.refusals import in_a_sentence, refused
from homeport.accounts.visitors import actor
from homeport.errors import HomeportError
from homeport.web.database import reader, session
from homeport.web.slots import kernel
from homeport.web.studio import render_studio

blueprint = Blueprint("accounts_codes", __name__, template_folder="../templates")

PAGE = "/account/codes"


@blueprint.get(PAGE)
@requires(Permission.READ)
@recently_proved(PAGE)
def show() -> str:
    account_id = signed_in().account_id
    if not has_codes(reader(), account_id):
        return _offer(new_secret())
    left = count_recovery_codes(reader(), account_id)
    return render_studio("accounts/codes_on.html", title="One-time codes", left=left)


@blueprint.post(PAGE)
@requires(Permission.READ)
@recently_proved(PAGE)
def begin() -> str | Response:
    member = signed_in()
    try:
        asked = take(kernel().database, Purpose.NEW_CODES, secret("ticket"), account_id=member.account_id)
    except ChallengeGoneError as error:
        return refused(_offer(new_secret(), error), error)
    try:
        codes = switch_on(session(), member.account_id, asked.value.decode(), field("code"))
    except WrongCodeError as error:
        return refused(_offer(asked.value.decode(), error), error)
    note(session(), actor(member), "codes.on", member.name)
    return _paper(codes)


@blueprint.post(f"{PAGE}/recovery")
@requires(Permission.READ)
@recently_proved(PAGE)
def renew() -> str | Response:
    member = signed_in()
    if not has_codes(reader(), member.account_id):
        return make_response(redirect(PAGE, 303))
    note(session(), actor(member), "codes.renew", member.name)
    return _paper(new_recovery_codes(session(), member.account_id))


@blueprint.post(f"{PAGE}/off")
@requires(Permission.READ)
@recently_proved(PAGE)
def end() -> Response:
    member = signed_in()
    switch_off(session(), member.account_id)
    note(session(), actor(member), "codes.off", member.name)
    return make_response(redirect("/account", 303))


def _offer(shared: str, error: HomeportError | None = None) -> str:
    """Show a secret to the phone; it is the account's once the phone has answered with a code."""
    member = signed_in()
    ticket, _ = ask(kernel().database, Purpose.NEW_CODES, account_id=member.account_id, value=shared.encode())
    address = provisioning_uri(shared, member.name, kernel().current_site().title)
    return render_studio(
        "accounts/codes_off.html",
        title="One-time codes",
        ticket=ticket,
        picture=Markup(qr_code(address)),  # noqa: S704 - drawn by us, from squares
        shared=" ".join(shared[start : start + 4] for start in range(0, len(shared), 4)),
        fault=in_a_sentence(error) if error else "",
    )


def _paper(codes: list[str]) -> str:
    return render_studio("accounts/recovery_codes.html", title="Recovery codes", codes=codes)
