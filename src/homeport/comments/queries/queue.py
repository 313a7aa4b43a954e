"""The queue of those who moderate: everybody's comments for an editor, those on their own entries for an author."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, ScalarSelect, and_, func, literal, select, text, tuple_
from sqlalchemy.orm import aliased

from homeport.accounts.permissions import Member, Permission
from homeport.blog.models import Byline, Entry
from homeport.blog.rows import COUNTED
from homeport.comments.models import STATES, Block, Response
from homeport.comments.queries.places import IS_APART, THREAD
from homeport.comments.queries.visitor import TITLE
from homeport.comments.rows import Decision, QueuedComment

PAGE_SIZE = 50
MOST_WAITING = 100
UNDO_DAYS = 1
IS_LATELY_DECIDED = Response.decided_at > func.now() - text(f"interval '{UNDO_DAYS} days'")
"""The condition on a comment that its decision may still be taken back."""

_DELETED = select(Entry.id).where(Entry.deleted_at.is_not(None))
_parent, _other = aliased(Response), aliased(Response)
_PLACE_OF_OTHER = (_other.created_at, _other.id)
_QUEUED = (
    select(
        Response.public_id,
        Response.state,
        Response.writer_name.label("name"),
        Response.writer_email.label("email"),
        Response.writer_url.label("url"),
        Response.text,
        Response.html,
        Response.created_at,
        Response.edited_at,
        Response.held_because.label("because"),
        Response.spam_score,
        Response.author_id.is_not(None).label("is_by_author"),
        Response.address_hash.is_not(None).label("has_address"),
        Entry.public_id.label("entry_public_id"),
        Entry.path.label("entry_path"),
        TITLE.label("entry_title"),
        func.coalesce(_parent.writer_name, "").label("answers"),
        THREAD.label("thread"),
        IS_APART.label("is_apart"),
    )
    .join(Entry, Entry.id == Response.entry_id)
    .outerjoin(_parent, _parent.id == Response.parent_id)
    .where(Entry.deleted_at.is_(None))
)


def list_queue(
    connection: Connection,
    member: Member,
    state: str,
    before: UUID | None = None,
    *,
    entry: UUID | None = None,
    limit: int | None = None,
) -> list[QueuedComment]:
    """Return a page of the comments in a state that a member may decide about, the newest first."""
    wanted = _QUEUED.where(Response.state == state)
    if entry is not None:
        wanted = wanted.where(Entry.public_id == entry)
    if before is not None:
        last = (select(column).where(_other.public_id == before).scalar_subquery() for column in _PLACE_OF_OTHER)
        wanted = wanted.where(tuple_(Response.created_at, Response.id) < tuple_(*last))
    wanted = _theirs(wanted, member).order_by(Response.created_at.desc(), Response.id.desc()).limit(limit or PAGE_SIZE)
    return [QueuedComment(**row) for row in connection.execute(wanted).mappings()]


def find_queued(connection: Connection, member: Member, public_id: UUID) -> QueuedComment | None:
    """Return one comment that a member may decide about."""
    row = connection.execute(_theirs(_QUEUED.where(Response.public_id == public_id), member)).mappings().one_or_none()
    return QueuedComment(**row) if row else None


def count_by_state(connection: Connection, member: Member) -> dict[str, int]:
    """Return how many comments there are in each state, of those that a member may decide about.

    One more than `COUNTED` means at least so many.
    """
    counts = select(*(_count(member, state, COUNTED + 1).label(state) for state in STATES))
    return dict(connection.execute(counts).mappings().one())


def count_waiting(connection: Connection, member: Member) -> int:
    """Return how many comments wait for a member; of very many, only that they are that many."""
    return connection.execute(select(_count(member, "held", MOST_WAITING))).scalar_one()


def find_last_decision(connection: Connection, member: Member) -> Decision | None:
    """Return what a member decided last, if that was lately."""
    decided = select(func.max(Response.decided_at)).where(
        Response.decided_by_id == member.account_id,
        IS_LATELY_DECIDED,
        Response.previous_state != "",
    )
    is_reply = and_(Response.author_id.is_not(None), Response.previous_state == "deleted")
    counted = (
        select(Response.state, func.count().label("comments"), func.bool_or(is_reply).label("is_reply"))
        .where(Response.decided_by_id == member.account_id, Response.decided_at == decided.scalar_subquery())
        .group_by(Response.state)
        .order_by(func.count().desc())
        .limit(1)
    )
    row = connection.execute(counted).one_or_none()
    return Decision(row.state, row.comments, is_reply=row.is_reply) if row else None


def list_blocks(connection: Connection) -> Sequence[Row[int, str, str, datetime]]:
    """Return whom the authors have blocked, the latest first."""
    return connection.execute(
        select(Block.id, Block.kind, Block.value, Block.created_at).order_by(Block.id.desc())
    ).all()


def _count(member: Member, state: str, most: int) -> ScalarSelect[int]:
    # Deleted entries are few, since they are kept for some weeks only; asking each comment for its entry costs more.
    some = select(literal(1)).select_from(Response).where(Response.state == state, Response.entry_id.not_in(_DELETED))
    return select(func.count()).select_from(_theirs(some, member).limit(most).subquery()).scalar_subquery()


def _theirs(wanted: Any, member: Member) -> Any:
    if member.may(Permission.EDIT):
        return wanted
    own = select(literal(1)).where(Byline.entry_id == Response.entry_id, Byline.author_id == member.author_id)
    return wanted.where(own.exists())
