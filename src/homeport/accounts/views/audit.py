"""The audit log, for owners: who changed what, from where, a page at a time."""

import re

from flask import Blueprint, request

from homeport.accounts.events import facts_of, words_for
from homeport.accounts.forms import readable
from homeport.accounts.guard import requires
from homeport.accounts.permissions import Permission
from homeport.accounts.queries import list_actors, list_events
from homeport.web.database import reader
from homeport.web.studio import render_studio

blueprint = Blueprint("accounts_audit", __name__, template_folder="../templates")

ON_A_PAGE = 50
NUMBER = re.compile(r"[0-9]{1,18}")


@blueprint.get("/studio/audit")
@requires(Permission.MANAGE)
def show() -> str:
    person, before = readable(request.args.get("person", "")), request.args.get("before", "")
    events = list_events(
        reader(), person=person, before=int(before) if NUMBER.fullmatch(before) else None, most=ON_A_PAGE + 1
    )
    return render_studio(
        "accounts/audit.html",
        title="Audit log",
        events=events[:ON_A_PAGE],
        older=events[ON_A_PAGE - 1].id if len(events) > ON_A_PAGE else None,
        person=person,
        people=list_actors(reader()),
        is_first=not before,
        words_for=words_for,
        facts_of=facts_of,
    )
