"""The door: name and password, then a code where one is asked for; or a passkey, which is both at once."""

from flask import Blueprint, Response, make_response, redirect, request

from homeport.accounts.audit import note
from homeport.accounts.challenges import ChallengeGoneError, Purpose, ask, take
from homeport.accounts.credentials import (
    QUARTER_SECONDS,
    Candidate,
    count_code,
    count_password,
    find_candidate,
    find_candidate_by_id,
    has_proved,
    refresh_hash,
)
from homeport.accounts.devices import known_device
from homeport.accounts.entrance import HOME, let_in
from homeport.accounts.forms import field, local_path, secret
from homeport.accounts.guard import SIGN_IN_PATH, current_member, forget, open_to_all, sign_in_token
from homeport.accounts.secondfactor import use_code
from homeport.accounts.setup import has_accounts
from homeport.accounts.signins import close_sign_in
from homeport.accounts.views.passkey_forms import offer_signing, signed_by
from homeport.accounts.views.refusals import in_a_sentence, refused
from homeport.accounts.visitors import (
    actor,
    count_by_address,
    is_safe_connection,
    limit_address,
    require_safe_connection,
)
from homeport.errors import HomeportError, InvalidError, TooManyRequestsError
from homeport.web.database import reader, session
from homeport.web.slots import kernel
from homeport.web.studio import render_studio

blueprint = Blueprint("accounts_signing_in", __name__, template_folder="../templates")

TRIES_BY_ADDRESS = 40
CHALLENGES_BY_ADDRESS = 60
CHALLENGES_TOGETHER = 3000
REFUSED = "This name and this password do not belong together."
DONE = {"out": "You have signed out.", "new-password": "Sign in with your new password."}
DOOR = "whoever signs in is nobody yet; tries are counted"


@blueprint.get(SIGN_IN_PATH)
@open_to_all(DOOR)
def door() -> str | Response:
    if current_member() is not None:
        return make_response(redirect(_goes_to(request.args.get("next", "")), 303))
    if not has_accounts(reader()):
        # Nobody can pass yet: there it says where the link is that makes the first account.
        return make_response(redirect("/setup", 303))
    return _page(goes_to=request.args.get("next", ""))


@blueprint.post(SIGN_IN_PATH)
@open_to_all(DOOR)
def sign_in() -> Response:
    require_safe_connection()
    try:
        name, password = field("name").lower(), secret("password")
        candidate = _candidate(name, password)
    except (InvalidError, TooManyRequestsError) as error:
        return _again(error)
    if candidate is None:
        return _again(InvalidError(REFUSED))
    refresh_hash(session(), candidate, password)
    if candidate.has_codes:
        return make_response(_code_page(candidate))
    return let_in(candidate.account_id, candidate.name, method="password", goes_to=_goes_to(secret("next")))


@blueprint.post(f"{SIGN_IN_PATH}/code")
@open_to_all("its ticket is given to who knew the password; tries are counted")
def give_code() -> Response:
    require_safe_connection()
    try:
        candidate = _ticket_holder()
    except ChallengeGoneError as error:
        return _again(error)
    try:
        count_code(kernel().database, candidate.account_id)
        method = use_code(session(), candidate.account_id, field("code"))
    except (InvalidError, TooManyRequestsError) as error:
        return refused(_code_page(candidate, in_a_sentence(error)), error)
    return let_in(candidate.account_id, candidate.name, method=method, goes_to=_goes_to(secret("next")))


@blueprint.post(f"{SIGN_IN_PATH}/passkey/options")
@open_to_all("what is to be signed is random, and tells nothing of anybody")
def passkey_options() -> Response:
    require_safe_connection()
    count_by_address(
        "challenge", limit=CHALLENGES_BY_ADDRESS, together=CHALLENGES_TOGETHER, window_seconds=QUARTER_SECONDS
    )
    return offer_signing(Purpose.SIGN_IN)


@blueprint.post(f"{SIGN_IN_PATH}/passkey")
@open_to_all("a passkey proves who is there")
def sign_in_with_passkey() -> Response:
    require_safe_connection()
    try:
        proved = signed_by(Purpose.SIGN_IN)
    except InvalidError as error:
        return _again(error)
    return let_in(proved.account_id, proved.name, method="passkey", goes_to=_goes_to(secret("next")))


@blueprint.post("/account/sign-out")
@open_to_all("it ends the sign-in of who asks, and of nobody else")
def sign_out() -> Response:
    if member := current_member():
        note(session(), actor(member), "sign-in.end", member.name)
    close_sign_in(session(), sign_in_token())
    return forget(make_response(redirect(f"{SIGN_IN_PATH}?out=1", 303)))


def _candidate(name: str, password: str) -> Candidate | None:
    """Return who has proved to be the account of that name, if anybody."""
    device = known_device(name)
    if device is None:
        count_by_address("sign-in", limit=TRIES_BY_ADDRESS, window_seconds=QUARTER_SECONDS)
    count_password(kernel().database, name, limit_address(), device=device)
    candidate = find_candidate(reader(), name)
    return candidate if has_proved(candidate, password) else None


def _ticket_holder() -> Candidate:
    asked = take(kernel().database, Purpose.SECOND_FACTOR, secret("ticket"))
    candidate = find_candidate_by_id(reader(), asked.account_id or 0)
    if candidate is None:
        raise ChallengeGoneError("that took too long", hint="Please sign in once more.")
    return candidate


def _goes_to(text: str) -> str:
    return local_path(text, HOME)


def _again(error: HomeportError) -> Response:
    return refused(_page(goes_to=secret("next"), name=secret("name")[:100], fault=in_a_sentence(error)), error)


def _page(*, goes_to: str, name: str = "", fault: str = "") -> str:
    return render_studio(
        "accounts/sign_in.html",
        title="Sign in",
        goes_to=local_path(goes_to, ""),
        name=name,
        fault=fault,
        done=next((DONE[name] for name in DONE if name in request.args), ""),
        is_safe=is_safe_connection(),
    )


def _code_page(candidate: Candidate, fault: str = "") -> str:
    ticket, _ = ask(kernel().database, Purpose.SECOND_FACTOR, account_id=candidate.account_id, value=b"")
    return render_studio(
        "accounts/code.html", title="One more step", ticket=ticket, goes_to=local_path(secret("next"), ""), fault=fault
    )
