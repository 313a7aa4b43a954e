"""Publishing and the ways back: each a button of the editor and a request of its script."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, jsonify, redirect
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import InternalServerError
from werkzeug.wrappers import Response as Answer

from homeport.accounts.guard import requires, signed_in
from homeport.accounts.permissions import Member, Permission
from homeport.blog import publishing
from homeport.blog.drafts import DeletedEntryError, lock_draft
from homeport.blog.forms import FieldsError
from homeport.blog.merging import EditConflictError
from homeport.blog.models import Entry
from homeport.blog.scheduling import ClockNote
from homeport.blog.studio.asking import (
    address,
    allow_long_texts,
    base_of,
    check_account,
    sent,
    typed_fields,
    version_of,
    wants_json,
)
from homeport.blog.studio.editor import ENTRIES, saved_as_json
from homeport.blog.studio.entries import give_back, keep_what_was_typed
from homeport.blog.writing import save_draft, saved_of
from homeport.errors import UnavailableError
from homeport.web.database import session

blueprint = Blueprint("blog_publishing", __name__, url_prefix=f"{ENTRIES}/<uuid:public_id>")
blueprint.before_request(allow_long_texts)
for _kind in (UnavailableError, DBAPIError, InternalServerError):
    blueprint.register_error_handler(_kind, keep_what_was_typed)


@blueprint.post("/publish")
@requires(Permission.WRITE)
def publish(public_id: UUID) -> Answer:
    member, given = signed_in(), sent()
    check_account(given, member)
    typed = typed_fields(given)
    if given.get("when") == "now":
        typed.pop("published_at", None)
    try:
        return _publish(member, public_id, given, typed)
    except (FieldsError, EditConflictError, DeletedEntryError) as error:
        return give_back(error, member, public_id, typed)


@blueprint.post("/unpublish")
@requires(Permission.WRITE)
def unpublish(public_id: UUID) -> Answer:
    return _answer(publishing.unpublish(session(), signed_in(), public_id, address=address()), "unpublished")


@blueprint.post("/unlist")
@requires(Permission.WRITE)
def unlist(public_id: UUID) -> Answer:
    member = signed_in()
    try:
        return _answer(publishing.unlist(session(), member, public_id, address=address()), "unlisted")
    except FieldsError as error:
        return give_back(error, member, public_id, {})


@blueprint.post("/delete")
@requires(Permission.WRITE)
def delete(public_id: UUID) -> Answer:
    entry = publishing.delete_entry(session(), signed_in(), public_id, address=address())
    if wants_json():
        return jsonify({"id": str(entry.public_id), "state": "deleted"})
    return redirect(f"{ENTRIES}?deleted={entry.public_id}", 303)


@blueprint.post("/restore")
@requires(Permission.WRITE)
def restore(public_id: UUID) -> Answer:
    return _answer(publishing.restore_entry(session(), signed_in(), public_id, address=address()), "restored")


def _publish(member: Member, public_id: UUID, given: Mapping[str, str], typed: dict[str, str]) -> Answer:
    """Save what came along, then publish what the author sees."""
    draft = lock_draft(session(), member, public_id)
    notes: tuple[ClockNote, ...] = ()
    if typed:
        # A date alone is no change of what somebody else may have written.
        version = version_of(given) if typed.keys() - {"published_at"} else draft.entry.version
        notes = save_draft(session(), member, draft, typed, version=version, base=base_of(given)).notes
        draft = lock_draft(session(), member, public_id)
    is_listed = not (draft.entry.state == "unlisted" and given.get("keep_state"))
    was_public = draft.state in ("published", "unlisted")
    at = None if given.get("when") == "now" else draft.fields.published_at
    publishing.publish(session(), member, draft, at=at, is_listed=is_listed, address=address())
    done = "scheduled" if draft.state == "scheduled" else "changed" if was_public else "published"
    return _answer(draft.entry, done, notes)


def _answer(entry: Entry, done: str, notes: tuple[ClockNote, ...] = ()) -> Answer:
    said = "".join(f"&note={note.value}" for note in notes[:1])
    goes_to = f"{ENTRIES}/{entry.public_id}?done={done}{said}"
    if wants_json():
        return jsonify({**saved_as_json(saved_of(session(), entry, None, notes)), "goes_to": goes_to})
    return redirect(goes_to, 303)
