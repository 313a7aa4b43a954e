"""The conversation below an entry as readers see it, read in the statement that reads the entry.

A page of it costs the same however long the whole is: so many threads, of each so many answers, counted up to a bound.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Text, Tuple, cast, func, literal, select, true, tuple_
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from homeport.accounts.models import Author
from homeport.blog.models import Entry
from homeport.comments.models import Response
from homeport.comments.rows import Conversation, ShownComment
from homeport.comments.rules import is_open
from homeport.site.rows import SiteCard

THREADS, ANSWERS = 100, 20
MOST_ON_A_PAGE = 200
"""Comments: a page has fewer threads where each of them has many answers."""

ANSWERS_OF_ONE = 200
COUNTED = 1_000

_top, _parent = aliased(Response), aliased(Response)
_ANY = true()
_NOTHING = cast(literal("[]"), JSONB)


def shown(response: Any = Response, author: Any = Author) -> ColumnElement[Any]:
    """Return what readers see of a comment, as an expression about it and its author."""
    return func.jsonb_build_object(
        "id", response.id,
        "public_id", cast(response.public_id, Text),
        "name", func.coalesce(author.name, response.writer_name),
        "url", response.writer_url,
        "html", response.html,
        "created_at", response.created_at,
        "edited_at", response.edited_at,
        "author_slug", author.slug,
    )  # fmt: skip


def conversation_at(
    which: ColumnElement[bool] = _ANY, after: ColumnElement[bool] = _ANY, *, answers: int = ANSWERS
) -> ColumnElement[Any]:
    """Return all that a page needs to know of a conversation, as an expression about its entry.

    `which` is a condition on the first comments of threads, `after` one on answers.
    """
    return func.jsonb_build_object(
        "threads", _threads(_newest(which), after, answers),
        "count", _COUNT,
        "comments_open", Entry.comments_open,
        "age_days", AGE_DAYS,
    )  # fmt: skip


def place_of(public_id: Any) -> Tuple:
    """Return where a comment stands in the order of time."""
    found = (select(column).where(_parent.public_id == public_id) for column in (_parent.created_at, _parent.id))
    return tuple_(*(each.scalar_subquery() for each in found))


def earlier_than(public_id: Any) -> ColumnElement[bool]:
    """Return the condition on a thread that it began before another one."""
    return tuple_(_top.created_at, _top.id) < place_of(public_id)


def is_thread(public_id: Any) -> ColumnElement[bool]:
    """Return the condition on a thread that it begins with this comment."""
    wanted: ColumnElement[bool] = _top.public_id == public_id
    return wanted


def later_than(public_id: Any) -> ColumnElement[bool]:
    """Return the condition on an answer that it was given after another one."""
    return tuple_(Response.created_at, Response.id) > place_of(public_id)


def _newest(which: ColumnElement[bool]) -> FromClause:
    """Return the newest threads, and one more that says that there are others; orphans stand by themselves."""
    # Asked row by row, not as a join: then the newest are found by the index, whatever there is besides them.
    above = select(_parent.state).where(_parent.id == _top.parent_id).correlate(_top).scalar_subquery()
    chosen = select(_top.id, _top.created_at).where(
        _top.entry_id == Entry.id, _top.state == "shown", func.coalesce(above, "") != "shown", which
    )
    newest_first = chosen.order_by(_top.created_at.desc(), _top.id.desc()).limit(THREADS + 1)
    return newest_first.correlate(Entry).subquery("thread")


def _threads(tops: FromClause, after: ColumnElement[bool], answers: int) -> ColumnElement[Any]:
    first = (
        select(shown().label("shown"), Response.created_at, Response.id)
        .outerjoin(Author, Author.id == Response.author_id)
        .where(Response.parent_id == tops.c.id, Response.state == "shown", after)
        .order_by(Response.created_at, Response.id)
        .limit(answers + 1)
        .correlate(tops)
        .subquery("answer")
    )
    below = select(func.jsonb_agg(aggregate_order_by(first.c.shown, first.c.created_at, first.c.id)))
    top, writer = aliased(Response), aliased(Author)
    thread = func.jsonb_build_object(
        "top", shown(top, writer), "answers", func.coalesce(below.correlate(tops).scalar_subquery(), _NOTHING)
    )
    return func.coalesce(
        select(func.jsonb_agg(aggregate_order_by(thread, tops.c.created_at, tops.c.id)))
        .select_from(tops)
        .join(top, top.id == tops.c.id)
        .outerjoin(writer, writer.id == top.author_id)
        .correlate(Entry)
        .scalar_subquery(),
        _NOTHING,
    )


_COUNT = (
    select(func.count())
    .select_from(
        select(literal(1))
        .where(Response.entry_id == Entry.id, Response.state == "shown")
        .limit(COUNTED + 1)
        .correlate(Entry)
        .subquery("counted")
    )
    .scalar_subquery()
)
AGE_DAYS = cast(func.floor(func.extract("epoch", func.now() - Entry.published_at) / 86_400), Integer)


@cache
def conversation() -> ColumnElement[Any]:
    """Return all that an entry's page needs to know, to be read in the statement that reads the entry."""
    return conversation_at()


def conversation_of(site: SiteCard, kind: str, value: Mapping[str, Any], *, answers: int = ANSWERS) -> Conversation:
    """Return the conversation in a value of `conversation`, or of another page made with so many `answers`."""
    threads = [_thread(row, answers) for row in value["threads"]]
    fitting = _fitting(threads)
    return Conversation(
        comments=tuple(fitting),
        count=min(value["count"], COUNTED),
        is_open=is_open(site, kind=kind, comments_open=value["comments_open"], age_days=value["age_days"]),
        is_counted=value["count"] <= COUNTED,
        earlier=fitting[0].public_id if len(fitting) < len(threads) else "",
    )


def _fitting(threads: Sequence[ShownComment]) -> list[ShownComment]:
    """Return the newest threads that fit on a page, in the order of time."""
    fitting: list[ShownComment] = []
    room = MOST_ON_A_PAGE
    for thread in reversed(threads):
        room -= 1 + len(thread.replies)
        if fitting and (room < 0 or len(fitting) == THREADS):
            break
        fitting.append(thread)
    return fitting[::-1]


def _thread(row: Mapping[str, Any], answers: int) -> ShownComment:
    given: Iterable[Mapping[str, Any]] = row["answers"][:answers]
    replies = tuple(comment_of(answer) for answer in given)
    return replace(comment_of(row["top"]), replies=replies, has_more=len(row["answers"]) > answers)


def comment_of(row: Mapping[str, Any]) -> ShownComment:
    """Return the comment in a value of `shown`."""
    return ShownComment(
        public_id=row["public_id"],
        name=row["name"],
        url=row["url"],
        html=row["html"],
        created_at=datetime.fromisoformat(row["created_at"]),
        edited_at=datetime.fromisoformat(row["edited_at"]) if row["edited_at"] else None,
        author_path=f"/authors/{row['author_slug']}" if row["author_slug"] else "",
    )
