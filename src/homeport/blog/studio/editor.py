"""The editor's page: as it is opened, and as it comes back when something could not be saved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Response, current_app, jsonify, make_response, request

from homeport.blog.checks import Report
from homeport.blog.drafts import Draft, zone_of
from homeport.blog.fields import EntryFields
from homeport.blog.forms import FieldsError, as_form
from homeport.blog.merging import Conflict
from homeport.blog.models import KINDS
from homeport.blog.previewing import find_cover
from homeport.blog.rows import reading_minutes
from homeport.blog.scheduling import ClockNote, is_later, write_out
from homeport.blog.sharing import list_links
from homeport.blog.studio.asking import new_id_of, wants_json
from homeport.blog.writing import Saved
from homeport.text.differences import Row, compare
from homeport.web.database import session
from homeport.web.studio import render_studio

ENTRIES = "/studio/entries"

DONE = {
    "saved": "Saved.",
    "published": "Published. Readers see it now.",
    "changed": "Published. Readers see your changes now.",
    "unpublished": "It is a draft again; its address answers “not found”.",
    "unlisted": "It is at its address only: in no list, feed or sitemap.",
    "restored": "It is back, at its old addresses.",
    "revision": "The former text is back as your draft. What you had is kept among the revisions.",
}

LET_READERS_SEE = ("published", "changed", "scheduled")
"""What was done when it is time to say what readers may stumble over."""

RECENT = timedelta(hours=1)
"""A date so little in the past surprises nobody who publishes with it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the editor comes back instead of a saved entry."""

    status: int
    message: str
    faults: Mapping[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None


def show_editor(
    fields: EntryFields,
    draft: Draft | None = None,
    *,
    typed: Mapping[str, str] | None = None,
    trouble: Trouble | None = None,
    report: Report | None = None,
) -> Response:
    """Return the editor with an entry's fields, or with what somebody typed over them."""
    shown = as_form(fields, zone_of(session()))
    conflict = trouble.conflict if trouble else None
    form = {**shown, **(conflict.merged.form if conflict else typed or {})}
    page = render_studio(
        "blog/studio/editor.html",
        title=(draft.entry.title or "Untitled") if draft else "New entry",
        form=form,
        base=shown,
        base_fields=json.dumps({name: value for name, value in shown.items() if name != "source"}),
        typed=typed or {},
        entry=draft.entry if draft else None,
        version=draft.entry.version if draft else 0,
        new_id="" if draft else new_id_of(request.form) or uuid4(),
        is_changed=bool(draft and draft.copy),
        state=draft.state if draft else "new",
        faults=trouble.faults if trouble else {},
        message=trouble.message if trouble else "",
        done=_done(draft),
        is_later=is_later(fields.published_at),
        past_date=fields.published_at if draft and draft.state == "draft" and _is_past(fields.published_at) else None,
        conflict=conflict,
        differences=_differences(conflict, typed or {}),
        cover=find_cover(session(), fields),
        report=report,
        tells_advice=report and report.advice and request.args.get("done") in LET_READERS_SEE,
        links=list_links(session(), draft.entry.id) if draft else (),
        reading_minutes=reading_minutes(draft.entry.word_count) if draft else 0,
        kinds=KINDS,
        zone=zone_of(session()).key,
        base_path=f"{ENTRIES}/{draft.entry.public_id}" if draft else ENTRIES,
    )
    response = make_response(page)
    response.status_code = trouble.status if trouble else 200
    return response


def refuse_fields(error: FieldsError, fields: EntryFields, draft: Draft | None, typed: Mapping[str, str]) -> Response:
    """Say at each field what is wrong with it; what was typed stays."""
    if wants_json():
        response = jsonify({"message": str(error), "faults": error.faults})
        response.status_code = 422
        return response
    count = len(error.faults)
    message = f"Nothing is saved yet: {count} {'field needs' if count == 1 else 'fields need'} another look."
    return show_editor(fields, draft, typed=typed, trouble=Trouble(422, message, error.faults))


def refuse_conflict(message: str, conflict: Conflict, draft: Draft, typed: Mapping[str, str]) -> Response:
    """Show what somebody else has saved beside what was typed, and both together."""
    if not wants_json():
        return show_editor(draft.fields, draft, typed=typed, trouble=Trouble(409, message, conflict=conflict))
    merged = conflict.merged
    response = jsonify(
        {
            "message": message,
            "version": conflict.version,
            "theirs": {"fields": conflict.theirs},
            "merged": {
                "source": merged.form["source"],
                "has_conflicts": merged.has_marks,
                "fields": merged.form,
                "disputed": list(merged.disputed),
            },
            "changed_by": conflict.changed_by,
            "changed_at": conflict.changed_at.isoformat(),
        }
    )
    response.status_code = 409
    return response


def saved_as_json(saved: Saved) -> dict[str, Any]:
    """Return what the editor's script learns of a save."""
    url = f"{ENTRIES}/{saved.public_id}"
    return {
        "id": str(saved.public_id),
        "version": saved.version,
        "saved_at": saved.saved_at.isoformat(),
        "word_count": saved.word_count,
        "reading_minutes": saved.reading_minutes,
        "slug": saved.slug,
        "path": saved.path,
        "state": saved.state,
        "is_changed": saved.is_changed,
        "notes": [note.sentence for note in saved.notes],
        "url": url,
        "save_url": f"{url}/save",
        "preview_url": f"{url}/preview",
    }


def show_without_database(path: str, typed: Mapping[str, str]) -> Response:
    """Give back what was typed when nothing can be stored or even looked up."""
    template = current_app.jinja_env.get_template("blog/studio/away.html")
    response = make_response(template.render(site=None, path=path, typed=dict(typed)))
    response.status_code = 503
    response.headers["Retry-After"] = "5"
    return response


def _done(draft: Draft | None) -> str:
    """Return in words what the request before this one did."""
    done, note = request.args.get("done", ""), request.args.get("note", "")
    sentences = [DONE.get(done, ""), _when(done, draft) if draft else ""]
    if note in tuple(ClockNote):
        sentences.append(ClockNote(note).sentence)
    return " ".join(filter(None, sentences))


def _when(done: str, draft: Draft) -> str:
    """Return what there is to say of an entry's date after it was scheduled, published or taken back."""
    at, zone = draft.fields.published_at, zone_of(session())
    if at is None:
        return ""
    if done == "scheduled" and draft.state == "scheduled":
        return f"Scheduled for {write_out(at, zone)} ({zone.key})."
    if done == "published" and _is_past(at):
        return f"It has the date {write_out(at, zone)}."
    if done == "unpublished" and _is_past(at):
        return f"It keeps its date, {write_out(at, zone)}; empty the date to publish it as new."
    return ""


def _is_past(moment: datetime | None) -> bool:
    return moment is not None and moment < datetime.now(UTC) - RECENT


def _differences(conflict: Conflict | None, typed: Mapping[str, str]) -> tuple[Row, ...]:
    return compare(typed.get("source", ""), conflict.theirs["source"]) if conflict else ()
