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
from homeport.comments.limits import count_comment, count_edit, count_mail, count_preview
from homeport.comments.models import Response as Stored
from homeport.comments.notices import tell_authors, tell_more_later
from homeport.comments.queries.visitor import find_answered, find_commented_entry, find_own_comment, is_used
from homeport.comments.rows import CommentedEntry, OwnComment
from homeport.comments.tokens import CommentTokens, FormToken, TokenError
from homeport.comments.visitors import visitor_hash
from homeport.errors import NotFoundError, TooManyRequestsError
from homeport.mail.queue import can_send_mail
from homeport.site.views import current_site
from homeport.web.database import reader, session
from homeport.web.errors import answer, sentence_of
from homeport.web.slots import kernel

blueprint = Blueprint("comments", __name__, template_folder="templates")
away.answer_with(blueprint, away.comment_form)

Answer = str | Response | Redirect
STRANGERS = "readers comment without an account; the form's signed token, its age and the limits stand in for one"


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
    entry, given = find_commented_entry(reader(), entry_id), read_form(request.form)
    if entry is None:
        return pages.lost(given, pages.NO_ENTRY)
    if not pages.takes_comments(entry):
        return pages.closed(entry, given, pages.CLOSED)
    if given.faults:
        return pages.again(entry, given, pages.FAULTY)
    try:
        count_preview(kernel().database, visitor_hash(kernel().settings))
    except TooManyRequestsError as error:
        return pages.with_patience(pages.again(entry, given, sentence_of(error), status=429), error)
    return _preview(entry, given, _tokens().for_form(entry_id))


@blueprint.post("/comments/<uuid:entry_id>")
@open_to_all(STRANGERS)
def store(entry_id: UUID) -> Answer:
    entry, given = find_commented_entry(reader(), entry_id), read_form(request.form)
    if entry is None:
        return pages.lost(given, pages.NO_ENTRY)
    if not pages.takes_comments(entry):
        return pages.closed(entry, given, pages.CLOSED)
    address_hash, written = visitor_hash(kernel().settings), request.form.get("token", "")
    try:
        token = _token(entry, written, address_hash)
        if given.faults:
            return pages.again(entry, given, pages.FAULTY)
        if token.is_too_young:
            return _preview(entry, given, written, pages.TOO_SOON, status=422)
        count_comment(kernel().database, entry, address_hash)
        stored = store_comment(
            session(), entry, NewComment(given, token, address_hash), rule=current_site().comment_rule
        )
    except TokenError as error:
        return _preview(entry, given, _tokens().for_form(entry_id), f"{error} {pages.ONCE_MORE}", status=422)
    except TooManyRequestsError as error:
        return pages.with_patience(_preview(entry, given, written, sentence_of(error), status=429), error)
    except AlreadySentError as error:
        return _sent_before(entry, given, error.comment_id)
    except NotFoundError:
        return _preview(entry, given, _tokens().for_form(entry_id), status=409)
    _tell(entry, stored)
    return _to_receipt(stored.public_id)


@blueprint.get("/comments/receipt/<signed>")
def receipt(signed: str) -> Answer:
    own = _own(_tokens().read_receipt(signed))
    return pages.receipt(own, _edit_path(own.public_id) if own.is_fresh else "")


@blueprint.get("/comments/edit/<signed>")
def edit(signed: str) -> Answer:
    own = _own(_tokens().read_edit(signed))
    if not own.is_fresh:
        return redirect(_receipt_path(own.public_id), 303)
    return pages.edit(CommentForm(own.name, own.email, own.url, own.text), own, request.path)


@blueprint.post("/comments/edit/<signed>")
@open_to_all(STRANGERS)
def save_edit(signed: str) -> Answer:
    given = read_form(request.form)
    try:
        own = _own(_tokens().read_edit(signed))
        given = given.by(own.email)
        if given.faults:
            return pages.edit(given, own, request.path, pages.FAULTY, status=422)
        count_edit(kernel().database, own.public_id)
        mended = edit_own_comment(session(), own.public_id, given, rule=current_site().comment_rule)
    except NotFoundError:
        return pages.lost(given, pages.NO_COMMENT)
    except TooLateError as error:
        return pages.edit(given, own, request.path, sentence_of(error), status=409)
    except TooManyRequestsError as error:
        return pages.with_patience(pages.edit(given, own, request.path, sentence_of(error), status=429), error)
    if own.is_shown and mended.state == "held":
        _tell(_entry(own.entry_public_id), mended)
    return _to_receipt(own.public_id)


@blueprint.errorhandler(413)
def say_how_large(_error: Exception) -> Response:
    return answer(413, pages.TOO_LARGE)


def _token(entry: CommentedEntry, written: str, address_hash: bytes | None) -> FormToken:
    """Return what the form's token says; nothing is counted of one that has stored its comment.

    Raises TokenError, AlreadySentError, and LimitReachedError for an address that sends too many bad ones.
    """
    try:
        token = _tokens().read_form(written, entry.public_id)
    except TokenError:
        count_preview(kernel().database, address_hash)
        raise
    if is_used(reader(), token.digest):
        raise AlreadySentError(token.comment_id)
    return token


def _preview(
    entry: CommentedEntry, given: CommentForm, token: str, message: str = "", *, status: int = 200
) -> Response:
    """Return the preview below what is answered; an answer to what is gone becomes a comment of its own."""
    answered = find_answered(reader(), entry.id, given.reply_to) if given.reply_to else None
    if given.reply_to and answered is None:
        given, message = given.by_itself(), f"{message} {pages.ORPHANED}".strip()
    return pages.preview(entry, given, token, message, status=status, answered=answered)


def _sent_before(entry: CommentedEntry, given: CommentForm, comment_id: UUID | None) -> Answer:
    """Answer a form that was sent before: with its receipt, or with a way for what it says beyond that."""
    own = find_own_comment(reader(), comment_id) if comment_id else None
    if own is not None and given.text == own.text:
        return _to_receipt(own.public_id)
    if own is not None and own.is_fresh:
        return pages.edit(given.by(own.email), own, _edit_path(own.public_id), pages.OTHER_WORDS, status=409)
    return _preview(entry, given, _tokens().for_form(entry.public_id), pages.SENT_BEFORE, status=409)


def _tell(entry: CommentedEntry, stored: Stored) -> None:
    """Have the entry's authors told by mail, or at the end of the hour when it has seen too many mails."""
    if stored.state == "spam" or not can_send_mail(kernel().settings):
        return
    try:
        count_mail(kernel().database)
    except TooManyRequestsError as error:
        tell_more_later(session(), entry, error.retry_after)
    else:
        tell_authors(session(), entry, stored)


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


def _edit_path(comment_id: UUID) -> str:
    return f"/comments/edit/{_tokens().for_edit(comment_id)}"


def _tokens() -> CommentTokens:
    return CommentTokens(kernel().settings.secret_key)
