"""The parts of a long conversation that are not on its entry's page: earlier threads, and the rest of one."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Integer, Select, Uuid, bindparam, case, func, select
from sqlalchemy.orm import aliased

from homeport.blog.models import Entry
from homeport.blog.queries.cards import IS_LIVE
from homeport.comments.models import Response
from homeport.comments.queries.conversation import (
    ANSWERS,
    ANSWERS_OF_ONE,
    conversation_at,
    conversation_of,
    earlier_than,
    is_thread,
    later_than,
)
from homeport.comments.queries.visitor import TITLE
from homeport.comments.rows import Conversation
from homeport.site.rows import SiteCard

_before, _thread, _after = (bindparam(name, type_=Uuid()) for name in ("before", "thread", "after"))


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """A part of the conversation below an entry, and which entry that is."""

    entry_path: str
    entry_public_id: str
    entry_title: str
    conversation: Conversation


_top = aliased(Response)
_numbered = (
    select(
        Response.public_id,
        func.row_number().over(order_by=(Response.created_at, Response.id)).label("number"),
    )
    .join(_top, _top.id == Response.parent_id)
    .where(_top.public_id == _thread, Response.state == "shown")
    .cte("numbered")
)
_number = select(_numbered.c.number).where(_numbered.c.public_id == bindparam("answer")).scalar_subquery()
_on_a_page = bindparam("on_a_page", type_=Integer)
_LAST_BEFORE = select(_numbered.c.public_id).where(_numbered.c.number == func.div(_number - 1, _on_a_page) * _on_a_page)


def _statement(conversation: Any) -> Select[Any]:
    return (
        select(Entry.path, Entry.public_id, Entry.kind, TITLE.label("title"), conversation.label("conversation"))
        .where(IS_LIVE, Entry.path.in_([bindparam("asked"), bindparam("base"), bindparam("base_with_slash")]))
        .order_by(case((Entry.path == bindparam("asked"), 0), (Entry.path == bindparam("base"), 1), else_=2))
        .limit(1)
    )


@cache
def _earlier() -> Select[Any]:
    return _statement(conversation_at(earlier_than(_before)))


@cache
def _one() -> Select[Any]:
    return _statement(conversation_at(is_thread(_thread), answers=ANSWERS_OF_ONE))


@cache
def _rest_of_one() -> Select[Any]:
    return _statement(conversation_at(is_thread(_thread), later_than(_after), answers=ANSWERS_OF_ONE))


def find_earlier(
    connection: Connection, site: SiteCard, asked: str, base: str, before: UUID
) -> ConversationPage | None:
    """Return the threads that began before another one, below the entry at `base`; one statement.

    None when there is no such entry, and when an entry itself lives at `asked`: then that is what is meant.
    """
    return _page(connection, site, _earlier(), asked, base, answers=ANSWERS, before=before)


def find_thread(
    connection: Connection, site: SiteCard, asked: str, base: str, thread: UUID, after: UUID | None
) -> ConversationPage | None:
    """Return one thread with its answers, or those after another one; one statement, None as in `find_earlier`."""
    if after is None:
        return _page(connection, site, _one(), asked, base, answers=ANSWERS_OF_ONE, thread=thread)
    return _page(connection, site, _rest_of_one(), asked, base, answers=ANSWERS_OF_ONE, thread=thread, after=after)


def find_last_before(connection: Connection, thread: UUID, answer: UUID) -> UUID | None:
    """Return the answer after which the page of a thread begins that has this one; None if that is the first page."""
    given = {"thread": thread, "answer": answer, "on_a_page": ANSWERS_OF_ONE}
    return connection.execute(_LAST_BEFORE, given).scalar_one_or_none()


def _page(
    connection: Connection,
    site: SiteCard,
    statement: Select[Any],
    asked: str,
    base: str,
    *,
    answers: int,
    **which: UUID,
) -> ConversationPage | None:
    paths = {"asked": asked, "base": base, "base_with_slash": f"{base}/"}
    row = connection.execute(statement, {**paths, **which}).one_or_none()
    if row is None or row.path == asked:
        return None
    conversation = conversation_of(site, row.kind, row.conversation, answers=answers)
    return ConversationPage(row.path, str(row.public_id), row.title, conversation)
