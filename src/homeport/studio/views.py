"""The dashboard: what is being written, what comes next, what waits for an answer."""

from flask import Blueprint

from homeport.accounts.guard import requires
from homeport.accounts.permissions import Permission
from homeport.web.studio import render_studio

blueprint = Blueprint("studio", __name__, template_folder="templates")


@blueprint.get("/studio")
@requires(Permission.READ)
def dashboard() -> str:
    return render_studio("studio/dashboard.html", title="Dashboard")
