"""Comments for programs: the queue, and every decision about it."""

from typing import Annotated, Literal, TypedDict
from uuid import UUID

from homeport.accounts.guard import signed_in
from homeport.accounts.permissions import Permission
from homeport.accounts.visitors import actor
from homeport.api.entry_forms import entry_id
from homeport.api.operations import Reply, Section
from homeport.api.schema import Limits
from homeport.api.versions import Version
from homeport.api.words import Id, Limit, Moment, written
from homeport.comments import moderation
from homeport.comments.models import Response
from homeport.comments.queries import queue
from homeport.comments.rows import QueuedComment
from homeport.comments.seen import words_seen
from homeport.errors import NotFoundError
from homeport.web.database import session

section = Section("Comments", "What readers have answered. Authors decide about those on their own entries.")

State = Literal["held", "shown", "spam", "deleted"]
Text = Annotated[str, Limits(minLength=1, maxLength=100_000, description="Markdown, as much of it as readers have.")]
DEFAULT_LIMIT = 50


class CommentQuery(TypedDict, total=False):
    """Which comments are wanted; those that wait, if nothing is said."""

    state: State
    entry: Annotated[str, Limits(maxLength=120, description="The id or slug of an entry.")]
    before: Annotated[Id, Limits(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    limit: Limit


class Comment(TypedDict):
    """A comment as those who moderate see it; `because` says why it waits.

    `version` stands for its name, address and words; in quotes it is the ETag that a decision about them names.
    """

    id: Id
    version: str
    state: State
    entry: Id
    entry_title: str
    entry_path: str | None
    name: str
    email: str
    url: str
    text: str
    html: str
    is_by_author: bool
    answers: str
    because: str
    spam_score: float | None
    created_at: Moment
    edited_at: Moment | None


class CommentPage(TypedDict):
    """Comments, the newest first; `next` is the id to go on before, null at the end."""

    comments: list[Comment]
    next: Id | None


class CommentChanges(TypedDict, total=False):
    """What is decided of a comment, and other words for it."""

    state: State
    text: Text


class NewReply(TypedDict):
    """An answer of somebody who writes here."""

    text: Text


class Undone(TypedDict):
    """How many comments are again what they were."""

    undone: int


class Blocked(TypedDict):
    """By what a writer is recognised from now on."""

    by: list[str]


@section.operation("GET", "/comments", Permission.READ)
def list_comments(query: CommentQuery) -> CommentPage:
    """List comments that one may decide about, the newest first."""
    limit = query.get("limit", DEFAULT_LIMIT)
    found = queue.list_queue(
        session().connection(),
        signed_in(),
        query.get("state", "held"),
        UUID(query["before"]) if "before" in query else None,
        entry=entry_id(query["entry"]) if "entry" in query else None,
        limit=limit + 1,
    )
    shown = [_body(one) for one in found[:limit]]
    return CommentPage(comments=shown, next=shown[-1]["id"] if len(found) > limit else None)


@section.operation("GET", "/comments/<comment>", Permission.READ)
def read_comment(comment: UUID) -> Reply[Comment]:
    """Read a comment."""
    return _reply(comment)


@section.operation("PATCH", "/comments/<comment>", Permission.WRITE)
def change_comment(comment: UUID, body: CommentChanges, version: Version) -> Reply[Comment]:
    """Approve a comment (`shown`), hold it, call it spam, delete it, or change its words.

    Its writer may change it while it is read here: a decision about other words than those there are now is refused.
    """
    member, response = signed_in(), _taken(comment, version)
    if "text" in body:
        moderation.rewrite_comment(session(), response, body["text"])
    if "state" in body:
        moderation.decide(session(), [response], body["state"], actor(member))
    return _reply(comment)


@section.operation("DELETE", "/comments/<comment>", Permission.WRITE)
def delete_comment(comment: UUID, version: Version) -> Reply[Comment]:
    """Delete a comment; that can be undone."""
    return change_comment(comment, {"state": "deleted"}, version)


@section.operation("POST", "/comments/<comment>/replies", Permission.WRITE, statuses=(201,), refuses=(409,))
def reply(comment: UUID, body: NewReply, version: Version) -> Reply[Comment]:
    """Answer a comment under one's own name; one that waited is shown with it."""
    member, response = signed_in(), _taken(comment, version)
    answer = moderation.answer_comment(session(), response, body["text"], member=member, actor=actor(member))
    session().refresh(answer, ["public_id"])
    return _reply(answer.public_id, status=201)


@section.operation("POST", "/comments/<comment>/block", Permission.EDIT, refuses=(409,))
def block_writer(comment: UUID, version: Version) -> Blocked:
    """Send everything that comes from a comment's writer to spam from now on, this comment too."""
    member, response = signed_in(), _taken(comment, version)
    return Blocked(by=list(moderation.block_writer(session(), response, actor(member))))


@section.operation("POST", "/comments/undo", Permission.WRITE)
def undo() -> Undone:
    """Take back what one decided last, all at once if it was so decided."""
    return Undone(undone=moderation.undo_last(session(), signed_in()))


def _taken(comment: UUID, version: Version) -> Response:
    """Return a comment, locked for a decision about the words that were seen."""
    response = moderation.take_comment(session(), signed_in(), comment)
    version.check(words_seen(response))
    return response


def _reply(comment: UUID, *, status: int = 200) -> Reply[Comment]:
    # The session, because what this very request has decided shall be seen.
    found = queue.find_queued(session().connection(), signed_in(), comment)
    if found is None:
        raise NotFoundError("there is no such comment")
    headers = {"Location": f"/api/v1/comments/{found.public_id}"} if status == 201 else {}
    return Reply(_body(found), status, {"ETag": f'"{found.seen}"', **headers})


def _body(one: QueuedComment) -> Comment:
    return Comment(
        id=str(one.public_id),
        version=one.seen,
        state=one.state,  # type: ignore[typeddict-item]  # the column's constraint knows no other
        entry=str(one.entry_public_id),
        entry_title=one.entry_title,
        entry_path=one.entry_path,
        name=one.name,
        email=one.email,
        url=one.url,
        text=one.text,
        html=one.html,
        is_by_author=one.is_by_author,
        answers=one.answers,
        because=one.because,
        spam_score=one.spam_score,
        created_at=one.created_at.isoformat(),
        edited_at=written(one.edited_at),
    )
