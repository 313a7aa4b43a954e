"""One's own account: the name that readers see, the password, and the browsers that are signed in."""

from flask import Blueprint, Response, make_response, redirect, request

from homeport.accounts import notices
from homeport.accounts.actions import describe_author, reset_password
from homeport.accounts.audit import note
from homeport.accounts.browsers import browser_name
from homeport.accounts.forms import field, secret
from homeport.accounts.guard import recently_proved, requires, signed_in
from homeport.accounts.passkeys import list_passkeys
from homeport.accounts.permissions import Permission
from homeport.accounts.queries import list_sign_ins
from homeport.accounts.secondfactor import count_recovery_codes, has_codes
from homeport.accounts.signins import end_sign_ins
from homeport.accounts.tokens import list_tokens
from homeport.accounts.views.newcomer_form import typed
from homeport.accounts.views.refusals import in_a_sentence, refused
from homeport.accounts.visitors import actor
from homeport.errors import InvalidError, TooManyRequestsError
from homeport.mail.queue import can_send_mail
from homeport.web.database import reader, session
from homeport.web.slots import kernel
from homeport.web.studio import render_studio

blueprint = Blueprint("accounts_own", __name__, template_folder="../templates")

DONE = {
    "name": "Readers see your new name.",
    "mail": "Saved. A first letter is on its way to you; if it does not come, look under Jobs.",
    "no-mail-server": "Saved. This site has no mail server yet (SMTP_HOST), so nothing is sent.",
    "no-mail": "You are told in the studio only.",
    "password": "You have a new password, and have been signed out everywhere else.",
    "ended": "Signed out there.",
}


@blueprint.get("/account")
@requires(Permission.READ)
def overview() -> str:
    return _overview()


@blueprint.post("/account/name")
@requires(Permission.READ)
def rename() -> Response:
    member = signed_in()
    try:
        describe_author(session(), member.author_slug, name=field("display_name"))
    except InvalidError as error:
        return refused(_overview(in_a_sentence(error)), error)
    return _back("name")


@blueprint.post("/account/mail")
@requires(Permission.READ)
def tell_by_mail() -> Response:
    member = signed_in()
    try:
        email = field("email")
        where = kernel().current_site().absolute("/")
        is_sent = notices.tell_by_mail(session(), kernel().settings, member.name, email, site_address=where)
    except InvalidError as error:
        return refused(_overview(in_a_sentence(error)), error)
    note(session(), actor(member), "mail.change", member.name)
    return _back("mail" if is_sent else "no-mail-server" if email else "no-mail")


@blueprint.get("/account/password")
@requires(Permission.READ)
@recently_proved("/account/password")
def password() -> str:
    return render_studio("accounts/password.html", title="New password", fault="")


@blueprint.post("/account/password")
@requires(Permission.READ)
@recently_proved("/account/password")
def change_password() -> Response:
    member = signed_in()
    try:
        reset_password(session(), member.name, secret("password"), but=member.sign_in_id)
    except (InvalidError, TooManyRequestsError) as error:
        page = render_studio("accounts/password.html", title="New password", fault=in_a_sentence(error))
        return refused(page, error)
    note(session(), actor(member), "password.change", member.name)
    return _back("password")


@blueprint.post("/account/sign-ins/<int:number>/end")
@requires(Permission.READ)
def end_one(number: int) -> Response:
    return _end(sign_in_id=number)


@blueprint.post("/account/sign-ins/end-others")
@requires(Permission.READ)
def end_others() -> Response:
    return _end(but=signed_in().sign_in_id)


def _end(*, sign_in_id: int | None = None, but: int | None = None) -> Response:
    member = signed_in()
    ended = end_sign_ins(session(), member.account_id, sign_in_id=sign_in_id, but=but)
    if ended:
        note(session(), actor(member), "sign-in.end", member.name, count=ended)
    return _back("ended")


def _back(done: str) -> Response:
    return make_response(redirect(f"/account?done={done}", 303))


def _overview(fault: str = "") -> str:
    member = signed_in()
    known = ("display_name", "email")
    return render_studio(
        "accounts/overview.html",
        title="Your account",
        fault=fault,
        typed=typed(*(name for name in known if name in request.form)) if fault else {},
        email=notices.address_of(session(), member.account_id),
        has_mail_server=can_send_mail(kernel().settings),
        done=DONE.get(request.args.get("done", ""), ""),
        passkeys=list_passkeys(reader(), member.account_id),
        has_codes=has_codes(reader(), member.account_id),
        recovery_codes=count_recovery_codes(reader(), member.account_id),
        tokens=list_tokens(reader(), account_id=member.account_id),
        sign_ins=list_sign_ins(reader(), member.account_id),
        browser_name=browser_name,
    )
