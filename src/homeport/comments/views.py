"""How a visitor comments: form, preview, receipt, and some minutes to mend it; no account, no cookie, no script."""

from uuid import UUID

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Redirect

from homeport.accounts.guard import open_to_all
from homeport.comments import away, pages
from homeport.comments.actions import (
    AlreadySentError,
    NewComment,
    TooLateError,
    edit_own_comment,
    store_comment,
)
from homeport.comments.forms import LARGEST_BODY, CommentForm, read_form
from homeport.comments.limits import count_comment, count_preview, may_tell
from homeport.comments.notices import tell_authors
from homeport.comments.queries import find_answered, find_commented_entry, find_own_comment
from homeport.comments.rows import CommentedEntry, OwnComment
from homeport.comments.tokens import CommentTokens, TokenError
from homeport.comments.visitors import visitor_hash
from homeport.errors import NotFoundError, TooManyRequestsError
from homeport.mail.queue import can_send_mail
from homeport.site.views import current_site
from homeport.web.database import reader, session
from homeport.web.slots import kernel

blueprint = Blueprint("comments", __name__, template_folder="templates")
away.answer_with(blueprint, away.comment_form)

Answer = str | Response | Redirect
STRANGERS = "readers comment without an account; the form's signed token, its age and the limits stand in for one"

TOO_SOON = "That was quick. Please read it once more and send it again."
CLOSED = "Comments are closed here. What you wrote is below, so that you can keep it."
FAULTY = "Something needs another look; nothing is lost."
SENT_BEFORE = "This form was sent before. If you want to say this once more, send it again."


@blueprint.before_request
def bound_the_form() -> None:
    """Refuse what is larger than any comment before it is read."""
    request.max_content_length = LARGEST_BODY


@blueprint.after_request
def keep_to_its_reader(response: Response) -> Response:
    """Let nobody store these pages: they are about one comment of one person."""
    response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Robots-Tag", "noindex")
    return response


@blueprint.get("/comments/<uuid:entry_id>")
@blueprint.get("/comments/<uuid:entry_id>/preview")
def form(entry_id: UUID) -> Answer:
    return pages.blank(_open_entry(entry_id))


@blueprint.get("/comments/<uuid:entry_id>/reply/<uuid:comment_id>")
def reply(entry_id: UUID, comment_id: UUID) -> Answer:
    entry = _open_entry(entry_id)
    answered = find_answered(reader(), entry.id, comment_id)
    if answered is None:
        raise NotFoundError("this comment is not there")
    return pages.blank(entry, answered)


@blueprint.post("/comments/<uuid:entry_id>/preview")
@open_to_all(STRANGERS)
def preview(entry_id: UUID) -> Answer:
    entry, given = _entry(entry_id), read_form(request.form)
    if not pages.takes_comments(entry):
        return pages.closed(entry, given, CLOSED)
    if given.faults:
        return pages.again(entry, given, FAULTY)
    try:
        count_preview(kernel().database, visitor_hash(kernel().settings))
    except TooManyRequestsError as error:
        return pages.again(entry, given, f"{str(error).capitalize()}. {error.hint}", status=429)
    return pages.preview(entry, given, _tokens().for_form(entry_id))


@blueprint.post("/comments/<uuid:entry_id>")
@open_to_all(STRANGERS)
def store(entry_id: UUID) -> Answer:
    entry, given = _entry(entry_id), read_form(request.form)
    if not pages.takes_comments(entry):
        return pages.closed(entry, given, CLOSED)
    written, fresh = request.form.get("token", ""), _tokens().for_form(entry_id)
    try:
        token = _tokens().read_form(written, entry_id)
    except TokenError as error:
        return pages.preview(entry, given, fresh, f"{error} Please send it once more.", status=422)
    if given.faults:
        return pages.again(entry, given, FAULTY)
    if token.is_too_young:
        return pages.preview(entry, given, written, TOO_SOON, status=422)
    address_hash = visitor_hash(kernel().settings)
    try:
        count_comment(kernel().database, entry, address_hash)
        site = current_site()
        stored = store_comment(session(), entry, NewComment(given, token, address_hash), rule=site.comment_rule)
    except TooManyRequestsError as error:
        return pages.too_often(entry, given, written, error)
    except AlreadySentError as error:
        if error.comment_id is None:
            return pages.preview(entry, given, fresh, SENT_BEFORE, status=409)
        return _to_receipt(error.comment_id)
    except NotFoundError as error:
        return pages.preview(entry, given, fresh, f"{str(error).capitalize()}.", status=409)
    if stored.state != "spam" and can_send_mail(kernel().settings) and may_tell(kernel().database):
        tell_authors(session(), kernel().settings, site, entry, stored)
    return _to_receipt(stored.public_id)


@blueprint.get("/comments/receipt/<signed>")
def receipt(signed: str) -> Answer:
    own = _own(_tokens().read_receipt(signed))
    edit_path = f"/comments/edit/{_tokens().for_edit(own.public_id)}" if own.is_fresh else ""
    return pages.receipt(own, edit_path)


@blueprint.get("/comments/edit/<signed>")
def edit(signed: str) -> Answer:
    own = _own(_tokens().read_edit(signed))
    if not own.is_fresh:
        return redirect(_receipt_path(own.public_id), 303)
    return pages.edit(CommentForm(own.name, own.email, own.url, own.text), own)


@blueprint.post("/comments/edit/<signed>")
@open_to_all(STRANGERS)
def save_edit(signed: str) -> Answer:
    own = _own(_tokens().read_edit(signed))
    given = read_form(request.form).by(own.email)
    if given.faults:
        return pages.edit(given, own, FAULTY, status=422)
    try:
        edit_own_comment(session(), own.public_id, given, rule=current_site().comment_rule)
    except TooLateError as error:
        return pages.edit(given, own, f"{str(error).capitalize()}.", status=409)
    return _to_receipt(own.public_id)


def _entry(entry_id: UUID) -> CommentedEntry:
    entry = find_commented_entry(reader(), entry_id)
    if entry is None:
        raise NotFoundError("there is no such entry")
    return entry


def _open_entry(entry_id: UUID) -> CommentedEntry:
    entry = _entry(entry_id)
    if not pages.takes_comments(entry):
        raise NotFoundError("this entry takes no comments")
    return entry


def _own(comment_id: UUID | None) -> OwnComment:
    own = find_own_comment(reader(), comment_id) if comment_id else None
    if own is None:
        raise NotFoundError("there is no such comment")
    return own


def _to_receipt(comment_id: UUID) -> Redirect:
    return redirect(_receipt_path(comment_id), 303)


def _receipt_path(comment_id: UUID) -> str:
    return f"/comments/receipt/{_tokens().for_receipt(comment_id)}"


def _tokens() -> CommentTokens:
    return CommentTokens(kernel().settings.secret_key)
