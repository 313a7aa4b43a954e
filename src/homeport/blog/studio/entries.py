"""The list of entries and the editor: opened, saved, and given back when a save fails."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import InternalServerError
from werkzeug.wrappers import Response as Answer

from homeport.accounts.guard import requires, signed_in
from homeport.accounts.permissions import Member, Permission
from homeport.blog.checks import check_fields
from homeport.blog.drafts import DeletedEntryError, open_draft
from homeport.blog.forms import FieldsError
from homeport.blog.merging import EditConflictError
from homeport.blog.models import KINDS
from homeport.blog.queries.shelf import STATES, Wish, list_shelf
from homeport.blog.studio.asking import (
    allow_long_texts,
    base_of,
    check_account,
    new_id_of,
    sent,
    typed_fields,
    version_of,
    wants_json,
)
from homeport.blog.studio.editor import (
    ENTRIES,
    Trouble,
    refuse_conflict,
    refuse_fields,
    saved_as_json,
    show_editor,
    show_without_database,
)
from homeport.blog.writing import Saved, blank_fields, save_entry, start_entry
from homeport.errors import UnavailableError
from homeport.web.database import reader, session
from homeport.web.errors import answer_error, is_database_away
from homeport.web.studio import render_studio

blueprint = Blueprint("blog_entries", __name__, url_prefix=ENTRIES)
blueprint.before_request(allow_long_texts)


@blueprint.get("")
@requires(Permission.READ)
def shelf() -> str:
    member = signed_in()
    state, kind = request.args.get("state", ""), request.args.get("kind", "")
    wish = Wish(
        state=state if state in STATES else "",
        kind=kind if kind in KINDS else "",
        words=request.args.get("q", "")[:200],
        author_id=None if member.may(Permission.EDIT) else member.author_id,
    )
    found = list_shelf(reader(), wish, before=request.args.get("before", ""))
    return render_studio(
        "blog/studio/shelf.html",
        title="Entries",
        shelf=found,
        wish=wish,
        kinds=KINDS,
        deleted=request.args.get("deleted", type=UUID),
        is_older="before" in request.args,
    )


@blueprint.get("/new")
@requires(Permission.WRITE)
def new() -> Response:
    kind = request.args.get("kind", "")
    return show_editor(blank_fields(session(), signed_in(), kind if kind in KINDS else "article"))


@blueprint.post("")
@requires(Permission.WRITE)
def create() -> Answer:
    member, given = signed_in(), sent()
    check_account(given, member)
    typed, new_id = typed_fields(given), new_id_of(given)
    try:
        saved = start_entry(session(), member, typed, public_id=new_id)
    except (EditConflictError, DeletedEntryError) as error:
        return give_back(error, member, cast("UUID", new_id), typed)
    except FieldsError as error:
        return refuse_fields(error, blank_fields(session(), member), None, typed)
    return _created(saved)


@blueprint.get("/<uuid:public_id>")
@requires(Permission.WRITE)
def edit(public_id: UUID) -> Response:
    draft = open_draft(session(), signed_in(), public_id)
    # Without scripts nothing else tells; whoever only opens a text need not wait for it.
    is_asked = "checks" in request.args or "done" in request.args
    report = check_fields(session(), draft.fields, draft.entry) if is_asked else None
    return show_editor(draft.fields, draft, report=report)


@blueprint.post("/<uuid:public_id>/save")
@requires(Permission.WRITE)
def save(public_id: UUID) -> Answer:
    member, given = signed_in(), sent()
    check_account(given, member)
    typed = typed_fields(given)
    try:
        saved = save_entry(session(), member, public_id, typed, version=version_of(given), base=base_of(given))
    except (FieldsError, EditConflictError, DeletedEntryError) as error:
        return give_back(error, member, public_id, typed)
    place = "#checks-heading" if given.get("action") == "check" else ""
    return jsonify(saved_as_json(saved)) if wants_json() else redirect(_done(saved, "saved") + place, 303)


def give_back(error: Exception, member: Member, public_id: UUID, typed: dict[str, str]) -> Answer:
    """Answer a save that was refused: what was typed comes back with the reason, over the entry as it is stored."""
    session().rollback()
    draft = open_draft(session(), member, public_id)
    if isinstance(error, FieldsError):
        return refuse_fields(error, draft.fields, draft, typed)
    if isinstance(error, EditConflictError):
        return refuse_conflict(f"{error}. {error.hint}", error.conflict, draft, typed)
    if wants_json():
        raise error
    message = "This entry was deleted in the meantime. Restore it, then save again; what you typed is still here."
    return show_editor(draft.fields, draft, typed=typed, trouble=Trouble(409, message))


def keep_what_was_typed(error: Exception) -> Answer:
    """Give a form back when the database went away in the middle of its save; the rest goes the usual way."""
    cause = getattr(error, "original_exception", None) or error
    if not is_database_away(cause):
        return answer_error(error)
    if request.method != "POST" or wants_json():
        return answer_error(cause)
    return show_without_database(request.path, request.form)


for _kind in (UnavailableError, DBAPIError, InternalServerError):
    blueprint.register_error_handler(_kind, keep_what_was_typed)


def _created(saved: Saved) -> Answer:
    if not wants_json():
        return redirect(_done(saved, "saved"), 303)
    response = jsonify(saved_as_json(saved))
    response.status_code = 201
    return response


def _done(saved: Saved, what: str) -> str:
    notes = "".join(f"&note={note.value}" for note in saved.notes[:1])
    return f"{ENTRIES}/{saved.public_id}?done={what}{notes}"
