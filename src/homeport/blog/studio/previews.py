"""What readers would see: beside the editor, on a page of its own, and for those who were given a link."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect
from werkzeug.wrappers import Response as Answer

from homeport.accounts.guard import open_to_all, requires, signed_in
from homeport.accounts.permissions import Permission
from homeport.blog import pages
from homeport.blog.checks import Report, check_fields
from homeport.blog.drafts import Draft, draft_of, open_draft, zone_of
from homeport.blog.fields import EntryFields
from homeport.blog.forms import FieldsError, read_form
from homeport.blog.previewing import preview_page, render_fields
from homeport.blog.sharing import find_shared
from homeport.blog.studio.asking import allow_long_texts, sent, typed_fields
from homeport.blog.studio.editor import ENTRIES
from homeport.blog.writing import blank_fields, with_cover_number
from homeport.errors import InvalidError
from homeport.site.views import current_site
from homeport.text.rendered import Rendered
from homeport.web.database import session
from homeport.web.templating import render_page

blueprint = Blueprint("blog_previews", __name__)
blueprint.before_request(allow_long_texts)

DRAFT = "This is a draft. It is not published, and this address is not for ever."
CHANGED = "These are changes that are not published yet."


@blueprint.post("/studio/preview")
@requires(Permission.WRITE)
def live() -> Answer:
    given, member = sent(), signed_in()
    draft = open_draft(session(), member, _uuid(given["id"])) if given.get("id") else None
    current = draft.fields if draft else blank_fields(session(), member)
    try:
        fields = read_form(with_cover_number(session(), typed_fields(given)), current, zone_of(session())).fields
    except FieldsError as error:
        response = jsonify({"message": str(error), "faults": error.faults})
        response.status_code = 422
        return response
    entry = draft.entry if draft else None
    rendered = render_fields(session(), fields, entry)
    report = check_fields(session(), fields, entry, rendered=rendered)
    return jsonify({"html": _page(fields, draft, rendered=rendered), **_told(report)})


@blueprint.get(f"{ENTRIES}/<uuid:public_id>/preview")
@requires(Permission.WRITE)
def preview(public_id: UUID) -> str:
    draft = open_draft(session(), signed_in(), public_id)
    return _page(draft.fields, draft, note=_note(draft))


@blueprint.get("/preview/<token>")
@open_to_all("the link itself is the permission: it is long, random, and can expire or be withdrawn")
def shared(token: str) -> Answer | str:
    draft = draft_of(session(), find_shared(session(), token))
    if draft.copy is None and draft.state in ("published", "unlisted"):
        return redirect(draft.entry.path or "/", 303)
    return _page(draft.fields, draft, note=_note(draft))


@blueprint.get(f"{ENTRIES}/<uuid:public_id>/checks")
@requires(Permission.WRITE)
def checks(public_id: UUID) -> Response:
    draft = open_draft(session(), signed_in(), public_id)
    return jsonify(_told(check_fields(session(), draft.fields, draft.entry)))


def _told(report: Report) -> dict[str, Any]:
    """Return what the editor's script learns of the advice."""
    found = [{"kind": each.kind, "message": each.message, "line": each.line} for each in report.advice]
    return {"checks": found, "weight_bytes": report.weight_bytes}


def _page(fields: EntryFields, draft: Draft | None, *, note: str = "", rendered: Rendered | None = None) -> str:
    """Return the public page: the same templates and the same style sheet."""
    site, entry = current_site(), draft.entry if draft else None
    found = preview_page(session(), fields, entry, rendered=rendered)
    template = "blog/page.html" if fields.kind == "page" else "blog/entry.html"
    if note:
        context = {"published_template": template, "draft_note": note}
        return render_page("blog/preview.html", site=site, page=pages.entry(site, found), entry=found, **context)
    return render_page(template, site=site, page=pages.entry(site, found), entry=found)


def _note(draft: Draft) -> str:
    return CHANGED if draft.state in ("published", "unlisted") else DRAFT


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as error:
        raise InvalidError("that is no entry's id") from error
