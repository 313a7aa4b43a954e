"""What an entry used to say: the list, what changed since, and the way back."""

from uuid import UUID

from flask import Blueprint, redirect
from werkzeug.wrappers import Response as Answer

from homeport.accounts.guard import requires, signed_in
from homeport.accounts.permissions import Permission
from homeport.blog.drafts import lock_draft, open_draft
from homeport.blog.restoring import find_revision, list_revisions, restore_revision
from homeport.blog.studio.editor import ENTRIES
from homeport.text.differences import compare
from homeport.web.database import session
from homeport.web.studio import render_studio

blueprint = Blueprint("blog_revisions", __name__, url_prefix=f"{ENTRIES}/<uuid:public_id>/revisions")


@blueprint.get("")
@requires(Permission.WRITE)
def listed(public_id: UUID) -> str:
    draft = open_draft(session(), signed_in(), public_id)
    return render_studio(
        "blog/studio/revisions.html",
        title="Revisions",
        entry=draft.entry,
        revisions=list_revisions(session(), draft.entry.id),
    )


@blueprint.get("/<int:number>")
@requires(Permission.WRITE)
def shown(public_id: UUID, number: int) -> str:
    draft = open_draft(session(), signed_in(), public_id)
    revision = find_revision(session(), draft.entry.id, number)
    return render_studio(
        "blog/studio/revision.html",
        title=f"Revision {number}",
        entry=draft.entry,
        revision=revision,
        now=draft.fields,
        differences=compare(revision.source, draft.fields.source),
    )


@blueprint.post("/<int:number>/restore")
@requires(Permission.WRITE)
def restore(public_id: UUID, number: int) -> Answer:
    member = signed_in()
    restore_revision(session(), member, lock_draft(session(), member, public_id), number)
    return redirect(f"{ENTRIES}/{public_id}?done=revision", 303)
