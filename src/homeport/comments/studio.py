"""The queue: what waits, what is shown, what is spam, and every decision about it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as Redirect

from homeport.accounts.audit import note
from homeport.accounts.guard import requires, signed_in
from homeport.accounts.permissions import Member, Permission
from homeport.accounts.visitors import actor
from homeport.blog.rows import counted
from homeport.comments import away, moderation
from homeport.comments.pages import with_status
from homeport.comments.queries.queue import (
    PAGE_SIZE,
    count_by_state,
    find_last_decision,
    find_queued,
    list_blocks,
    list_queue,
)
from homeport.comments.rows import QueuedComment
from homeport.comments.seen import ChangedMeanwhileError, require_seen
from homeport.comments.writers import erase_person, export_person
from homeport.errors import ForbiddenError, InvalidError, NotFoundError
from homeport.text.comment import one_line
from homeport.web.database import reader, session
from homeport.web.errors import sentence_of
from homeport.web.studio import render_studio

blueprint = Blueprint("comments_studio", __name__, template_folder="templates")
away.answer_with(blueprint, away.text_form)

Answer = str | Response | Redirect
TABS = {"waiting": "held", "shown": "shown", "spam": "spam", "deleted": "deleted"}
NOTHING_KEPT: dict[str, list[dict[str, Any]]] = {"comments": [], "blocked": []}
DECISIONS = {"approve": "shown", "spam": "spam", "delete": "deleted", "hold": "held"}


@blueprint.get("/studio/comments")
@requires(Permission.READ)
def queue() -> str:
    member, tab = signed_in(), _tab()
    comments = list_queue(reader(), member, TABS[tab], _uuid(request.args.get("before", "")))
    is_full = len(comments) == PAGE_SIZE
    return _queue_page(
        comments,
        last=find_last_decision(reader(), member),
        before=comments[-1].public_id if is_full else None,
        blocks=list_blocks(reader()) if tab == "spam" and member.may(Permission.EDIT) else (),
    )


@blueprint.post("/studio/comments/decisions")
@requires(Permission.READ)
def decide() -> Answer:
    member, (what, chosen) = signed_in(), _decision()
    responses = moderation.take_comments(session(), member, chosen)
    try:
        require_seen(responses, chosen)
    except ChangedMeanwhileError as error:
        return _as_it_is_now(member, chosen, sentence_of(error))
    if what == "block":
        _require_editor(member)
        for response in responses:
            moderation.block_writer(session(), response, actor(member))
    elif what in DECISIONS:
        moderation.decide(session(), responses, DECISIONS[what], actor(member))
    else:
        raise InvalidError("there is no such decision")
    return _to_queue()


@blueprint.post("/studio/comments/undo")
@requires(Permission.READ)
def undo() -> Answer:
    moderation.undo_last(session(), signed_in())
    return _to_queue()


@blueprint.get("/studio/comments/<uuid:public_id>")
@requires(Permission.READ)
def show(public_id: UUID) -> str:
    one = _queued(public_id)
    return _page(one, text=one.text)


@blueprint.post("/studio/comments/<uuid:public_id>/reply")
@requires(Permission.READ)
def answer(public_id: UUID) -> Answer:
    member, typed = signed_in(), request.form.get("text", "")
    one = _queued(public_id)
    response = moderation.take_comment(session(), member, public_id)
    try:
        require_seen([response], {public_id: request.form.get("seen", "")})
        moderation.answer_comment(session(), response, typed, member=member, actor=actor(member))
    except InvalidError as error:
        return _again(one, sentence_of(error), text=one.text, reply=typed)
    except ChangedMeanwhileError as error:
        return _again(one, sentence_of(error), text=one.text, reply=typed, status=409)
    return _to_queue()


@blueprint.post("/studio/comments/<uuid:public_id>/text")
@requires(Permission.READ)
def rewrite(public_id: UUID) -> Answer:
    typed, one = request.form.get("text", ""), _queued(public_id)
    response = moderation.take_comment(session(), signed_in(), public_id)
    try:
        require_seen([response], {public_id: request.form.get("seen", "")})
        moderation.rewrite_comment(session(), response, typed)
    except InvalidError as error:
        return _again(one, sentence_of(error), text=typed)
    except ChangedMeanwhileError as error:
        return _again(one, sentence_of(error), text=typed, status=409)
    return redirect(f"/studio/comments/{public_id}", 303)


@blueprint.post("/studio/comments/blocks/<int:block_id>/end")
@requires(Permission.EDIT)
def unblock(block_id: int) -> Answer:
    moderation.unblock(session(), block_id, actor(signed_in()))
    return redirect("/studio/comments?tab=spam", 303)


@blueprint.route("/studio/comments/person", methods=["GET", "POST"])
@requires(Permission.MANAGE)
def person() -> Answer:
    # Looked up by POST, so that no mail address stands in a log or a browser's history.
    who = one_line(request.form.get("who", ""))
    kept = export_person(reader(), who) if who else NOTHING_KEPT
    if request.form.get("do") == "export":
        download = jsonify({"who": who, **kept})
        download.headers["Content-Disposition"] = 'attachment; filename="comments.json"'
        return download
    return render_studio("comments/person.html", title="One person's comments", who=who, kept=kept, erased=None)


@blueprint.post("/studio/comments/person/erase")
@requires(Permission.MANAGE)
def erase() -> Answer:
    who = one_line(request.form.get("who", ""))
    if not who or not request.form.get("sure"):
        raise InvalidError("tick that you are sure", hint="What is erased cannot be brought back.")
    erased = erase_person(session(), who)
    note(session(), actor(signed_in()), "comment.person_erased", comments=erased)
    title = "One person's comments"
    return render_studio("comments/person.html", title=title, who="", kept=NOTHING_KEPT, erased=erased)


def _tab() -> str:
    tab = request.values.get("tab", "waiting")
    return tab if tab in TABS else "waiting"


def _decision() -> tuple[str, dict[UUID, str]]:
    """Return what is to be done with which comments, as they were seen: one by its own button, or all ticked ones."""
    what, _, one = request.form.get("one", "").partition(" ")
    given = (text.partition(" ") for text in ([one] if what else request.form.getlist("chosen")))
    chosen = {uuid: seen for text, _, seen in given if (uuid := _uuid(text))}
    if not chosen:
        raise InvalidError("no comment was chosen", hint="Tick at least one.")
    return what or request.form.get("all", ""), chosen


def _queue_page(comments: Sequence[QueuedComment], **context: Any) -> str:
    nothing: dict[str, Any] = {"last": None, "before": None, "blocks": (), "message": ""}
    counts = count_by_state(reader(), signed_in())
    values = {
        **nothing,
        "comments": comments,
        "counts": counts,
        "counted": counted,
        "tab": _tab(),
        "tabs": TABS,
        **context,
    }
    return render_studio("comments/queue.html", title="Comments", **values)


def _as_it_is_now(member: Member, chosen: Iterable[UUID], message: str) -> Response:
    """Return what was to be decided about as it reads now, to be decided anew."""
    found = (find_queued(reader(), member, public_id) for public_id in chosen)
    return with_status(_queue_page([one for one in found if one], message=message), 409)


def _require_editor(member: Member) -> None:
    if not member.may(Permission.EDIT):
        raise ForbiddenError("only editors block writers, since that holds for the whole site")


def _queued(public_id: UUID) -> QueuedComment:
    one = find_queued(reader(), signed_in(), public_id)
    if one is None:
        raise NotFoundError("there is no such comment")
    return one


def _page(one: QueuedComment, *, text: str, reply: str = "", message: str = "") -> str:
    return render_studio("comments/one.html", title="Comment", one=one, text=text, reply=reply, message=message)


def _again(one: QueuedComment, message: str, *, text: str, reply: str = "", status: int = 422) -> Response:
    return with_status(_page(one, text=text, reply=reply, message=message), status)


def _to_queue() -> Redirect:
    return redirect(f"/studio/comments?tab={_tab()}", 303)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
