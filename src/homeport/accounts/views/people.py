"""People, for owners: who may sign in and do what, and who is asked to join."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, redirect

from homeport.accounts import people
from homeport.accounts.audit import note
from homeport.accounts.forms import field
from homeport.accounts.guard import recently_proved, requires, signed_in
from homeport.accounts.links import list_invitations, withdraw_invitation
from homeport.accounts.models import ROLES
from homeport.accounts.permissions import Permission
from homeport.accounts.queries import list_accounts
from homeport.accounts.views.newcomer_form import typed
from homeport.accounts.views.refusals import in_a_sentence, refused
from homeport.accounts.visitors import actor
from homeport.errors import ConflictError, InvalidError
from homeport.web.database import reader, session
from homeport.web.studio import render_studio

blueprint = Blueprint("accounts_people", __name__, template_folder="../templates")

PAGE = "/studio/people"
DUTIES = {
    "author": "writes, publishes and deletes own entries",
    "editor": "looks after everybody's entries, and comments",
    "owner": "runs the site: settings, people, everything",
}


@blueprint.get(PAGE)
@requires(Permission.MANAGE)
def show() -> str:
    return _page()


@blueprint.post(f"{PAGE}/<name>/role")
@requires(Permission.MANAGE)
@recently_proved(PAGE)
def give_role(name: str) -> Response:
    role = field("role")
    return _change("account.role", name, lambda: people.change_role(session(), name, role) != role, now=role)


@blueprint.post(f"{PAGE}/<name>/disabling")
@requires(Permission.MANAGE)
@recently_proved(PAGE)
def disable(name: str) -> Response:
    return _change("account.disable", name, lambda: people.disable_account(session(), name))


@blueprint.post(f"{PAGE}/<name>/enabling")
@requires(Permission.MANAGE)
@recently_proved(PAGE)
def enable(name: str) -> Response:
    return _change("account.enable", name, lambda: people.enable_account(session(), name))


@blueprint.post(f"{PAGE}/<name>/reset-link")
@requires(Permission.MANAGE)
@recently_proved(PAGE)
def reset_link(name: str) -> str | Response:
    try:
        path = people.make_reset_link(session(), name)
    except ConflictError as error:
        return refused(_page(in_a_sentence(error)), error)
    _note("password.link", name)
    return _link_page(path, f"A new password for {name}", "It works once, within an hour.")


@blueprint.post(f"{PAGE}/invitations")
@requires(Permission.MANAGE)
@recently_proved(PAGE)
def invite() -> str | Response:
    try:
        role, about = field("role"), field("note")
        path = people.invite(session(), role, about)
    except InvalidError as error:
        return refused(_page(in_a_sentence(error)), error)
    _note("invitation.create", about, role=role)
    return _link_page(path, f"Invitation for {about or 'somebody'}", f"It makes one {role}, within a week.")


@blueprint.post(f"{PAGE}/invitations/<int:number>/revocation")
@requires(Permission.MANAGE)
@recently_proved(PAGE)
def withdraw(number: int) -> Response:
    return _change("invitation.withdraw", "", lambda: withdraw_invitation(session(), number))


def _change(action: str, subject: str, change: Callable[[], bool], **details: Any) -> Response:
    """Make a change, and note it if it was one."""
    try:
        if change():
            _note(action, subject, **details)
    except (ConflictError, InvalidError) as error:
        return refused(_page(in_a_sentence(error)), error)
    return make_response(redirect(PAGE, 303))


def _note(action: str, subject: str = "", **details: Any) -> None:
    note(session(), actor(signed_in()), action, subject, **details)


def _link_page(path: str, title: str, about: str) -> str:
    return render_studio("accounts/link.html", title=title, address=path, about=about)


def _page(fault: str = "") -> str:
    return render_studio(
        "accounts/people.html",
        title="People",
        fault=fault,
        typed=typed("note") if fault else {},
        accounts=list_accounts(reader()),
        invitations=list_invitations(reader()),
        roles=ROLES,
        duties=DUTIES,
    )
