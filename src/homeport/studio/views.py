"""The dashboard: what is being written, what comes next, what waits for an answer."""

from datetime import UTC, datetime

from flask import Blueprint

from homeport.accounts.guard import requires, signed_in
from homeport.accounts.permissions import Permission
from homeport.ops.folder import DataFolder
from homeport.ops.lastbackup import last_backup
from homeport.studio import queries
from homeport.web.database import reader
from homeport.web.slots import kernel
from homeport.web.studio import render_studio

blueprint = Blueprint("studio", __name__, template_folder="templates")


@blueprint.get("/studio")
@requires(Permission.READ)
def dashboard() -> str:
    member = signed_in()
    mine = None if member.may(Permission.EDIT) else member.author_id
    desk = queries.load_desk(reader(), author_id=mine)
    now = datetime.now(UTC)
    settings = kernel().settings
    notes = DataFolder(settings.paths.data).notes
    last = last_backup(settings.backup.folder, notes) if member.may(Permission.MANAGE) else None
    return render_studio("studio/dashboard.html", title="Dashboard", desk=desk, last_backup=last, now=now)
