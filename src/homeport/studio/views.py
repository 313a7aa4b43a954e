"""The dashboard: what is being written, what comes next, what waits for an answer."""

from flask import Blueprint

from homeport.accounts.guard import requires, signed_in
from homeport.accounts.permissions import Permission
from homeport.studio import queries
from homeport.web.database import reader
from homeport.web.studio import render_studio

blueprint = Blueprint("studio", __name__, template_folder="templates")


@blueprint.get("/studio")
@requires(Permission.READ)
def dashboard() -> str:
    member = signed_in()
    mine = None if member.may(Permission.EDIT) else member.author_id
    desk = queries.load_desk(reader(), author_id=mine)
    return render_studio("studio/dashboard.html", title="Dashboard", desk=desk)
