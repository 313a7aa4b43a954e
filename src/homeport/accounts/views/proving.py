"""Asks again who is there, before anything is changed that opens an account."""

from flask import Blueprint, Response, make_response, redirect, request

from homeport.accounts.challenges import Purpose
from homeport.accounts.credentials import count_password, find_candidate, has_proved
from homeport.accounts.entrance import HOME
from homeport.accounts.forms import local_path, secret
from homeport.accounts.guard import PROVE_PATH, requires, signed_in
from homeport.accounts.passkeys import list_passkeys
from homeport.accounts.permissions import Permission
from homeport.accounts.signins import note_proof
from homeport.accounts.views.passkey_forms import offer_signing, place, signed_by
from homeport.accounts.views.refusals import in_a_sentence, refused
from homeport.accounts.visitors import limit_address, require_safe_connection
from homeport.errors import HomeportError, InvalidError, TooManyRequestsError
from homeport.web.database import reader, session
from homeport.web.slots import kernel
from homeport.web.studio import render_studio

blueprint = Blueprint("accounts_proving", __name__, template_folder="../templates")


@blueprint.get(PROVE_PATH)
@requires(Permission.READ)
def show() -> str | Response:
    if signed_in().is_proved:
        return _go_on(request.args.get("next", ""))
    return _page(request.args.get("next", ""))


@blueprint.post(PROVE_PATH)
@requires(Permission.READ)
def prove() -> Response:
    require_safe_connection()
    name = signed_in().name
    try:
        # Only who is signed in gets here, so a stranger's tries at the door are counted elsewhere.
        count_password(kernel().database, name, limit_address(), device=f"signed-in:{signed_in().account_id}")
        is_right = has_proved(find_candidate(reader(), name), secret("password"))
    except TooManyRequestsError as error:
        return _again(error)
    return _proved() if is_right else _again(InvalidError("this is not your password"))


@blueprint.post(f"{PROVE_PATH}/passkey/options")
@requires(Permission.READ)
def passkey_options() -> Response:
    return offer_signing(Purpose.PROOF, account_id=signed_in().account_id)


@blueprint.post(f"{PROVE_PATH}/passkey")
@requires(Permission.READ)
def prove_with_passkey() -> Response:
    require_safe_connection()
    account_id = signed_in().account_id
    try:
        proved = signed_by(Purpose.PROOF, account_id=account_id)
    except InvalidError as error:
        return _again(error)
    is_own = proved.account_id == account_id
    return _proved() if is_own else _again(InvalidError("this passkey opens another account"))


def _proved() -> Response:
    sign_in_id = signed_in().sign_in_id
    if sign_in_id is not None:
        note_proof(session(), sign_in_id)
    return _go_on(secret("next"))


def _go_on(text: str) -> Response:
    return make_response(redirect(local_path(text, HOME), 303))


def _again(error: HomeportError) -> Response:
    return refused(_page(secret("next"), in_a_sentence(error)), error)


def _page(goes_to: str, fault: str = "") -> str:
    passkeys = list_passkeys(reader(), signed_in().account_id)
    return render_studio(
        "accounts/prove.html",
        title="Is it you?",
        goes_to=local_path(goes_to, ""),
        fault=fault,
        has_passkey=any(one.domain == place().domain for one in passkeys),
    )
