"""The pages that a commenting visitor meets on the way, each with the text that was typed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Response, make_response, request

from homeport.comments.forms import LARGEST_BODY, LONGEST_TEXT, CommentForm
from homeport.comments.queries.visitor import EDIT_LIFE
from homeport.comments.rows import CommentedEntry, OwnComment, ShownComment
from homeport.comments.rules import is_open
from homeport.errors import TooManyRequestsError
from homeport.site.views import current_site
from homeport.web.meta import PageMeta
from homeport.web.templating import render_page

TOO_SOON = "That was quick. Please read it once more and send it again."
CLOSED = "Comments are closed here. What you wrote is below, so that you can keep it."
FAULTY = "Something needs another look; nothing is lost."
ONCE_MORE = "Please send it once more."
OTHER_WORDS = "Your comment is stored already, in other words. Save these, and they take the place of the former ones."
ORPHANED = "The comment that this answers is not there any more. Sent like this, it stands by itself."
NO_ENTRY = "What you wrote about is not there any more. Your words are below, so that you can keep them."
NO_COMMENT = "This comment is not there any more. Your words are below, so that you can keep them."
TOO_LARGE = (
    f"A comment has at most {LONGEST_TEXT:,} characters, and its form at most {LARGEST_BODY // 1000} kB. "
    "Go back in your browser: what you wrote should still be there."
)
SENT_BEFORE = "This form was sent before. If you want to say this once more, send it again."


def takes_comments(entry: CommentedEntry) -> bool:
    """Say whether an entry takes comments at this moment."""
    site = current_site()
    return is_open(site, kind=entry.kind, comments_open=entry.comments_open, age_days=entry.age_days)


def blank(entry: CommentedEntry, answered: ShownComment | None = None) -> str:
    """Return an empty form, perhaps to answer somebody."""
    given = CommentForm(reply_to=UUID(answered.public_id) if answered else None)
    return _form("Write a reply" if answered else "Write a comment", entry, given, answered=answered)


def again(entry: CommentedEntry, given: CommentForm, message: str, *, status: int = 422) -> Response:
    """Return the form with its faults, or with why it has to wait."""
    return with_status(_form("Almost there", entry, given, message=message), status)


def preview(
    entry: CommentedEntry,
    given: CommentForm,
    token: str,
    message: str = "",
    *,
    status: int = 200,
    answered: ShownComment | None = None,
) -> Response:
    """Return the comment as it will look, below what it answers, and the form that can send it."""
    # Readers' pages never need it, and its libraries take long to load.
    from homeport.text.comment import render_comment  # noqa: PLC0415

    shown = ShownComment("preview", given.name, given.url, render_comment(given.text), datetime.now(UTC))
    page = _form("Before you send it", entry, given, token=token, preview=shown, message=message, answered=answered)
    return with_status(page, status)


def with_patience(response: Response, error: TooManyRequestsError) -> Response:
    """Return the page with the time after which its form may be sent again."""
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def closed(entry: CommentedEntry, given: CommentForm, message: str) -> Response:
    """Return the text to somebody who came too late."""
    return with_status(_form("Comments are closed", entry, given, message=message, is_open=False), 409)


def lost(given: CommentForm, message: str) -> Response:
    """Return the text to somebody who wrote about what is not there any more."""
    values = {**NOTHING, "form": given, "message": message, "is_open": False}
    return with_status(_page("comments/form.html", "Not there any more", **values), 404)


def receipt(own: OwnComment, edit_path: str) -> str:
    """Return a comment with what has become of it."""
    left = EDIT_LIFE - (datetime.now(UTC) - own.created_at)
    return _page(
        "comments/receipt.html",
        "Thank you",
        own=own,
        shown=ShownComment(str(own.public_id), own.name, own.url, own.html, own.created_at),
        edit_path=edit_path,
        minutes_left=max(1, min(round(left.total_seconds() / 60), 15)),
    )


def edit(given: CommentForm, own: OwnComment, action: str, message: str = "", *, status: int = 200) -> Response:
    """Return the form in which a writer mends a comment."""
    entry = {"path": own.entry_path, "title": own.entry_title}
    page = _page("comments/edit.html", "Edit your comment", entry=entry, form=given, action=action, message=message)
    return with_status(page, status)


NOTHING: dict[str, Any] = {
    "entry": None,
    "token": "",
    "message": "",
    "preview": None,
    "answered": None,
    "is_open": True,
}
"""What a form's template asks for, where there is nothing to say of it."""


def _form(title: str, entry: CommentedEntry, given: CommentForm, **context: Any) -> str:
    action = f"/comments/{entry.public_id}"
    if "token" not in context:
        action = f"{action}/preview"
    values = {**NOTHING, "entry": entry, "form": given, "action": action, **context}
    return _page("comments/form.html", title, **values)


def _page(template: str, title: str, **context: Any) -> str:
    page = PageMeta(title=title, path=request.path, is_indexed=False)
    return render_page(template, site=current_site(), page=page, **context)


def with_status(html: str, status: int) -> Response:
    """Return a page that is not answered with 200."""
    response = make_response(html)
    response.status_code = status
    return response
