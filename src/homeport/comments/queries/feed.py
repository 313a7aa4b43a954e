"""The comments of one entry for feed readers, found by the address of the entry they stand below."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from homeport.accounts.models import Author
from homeport.blog.models import Entry
from homeport.blog.queries.cards import IS_LIVE
from homeport.comments.models import Response
from homeport.comments.queries.conversation import comment_of, shown
from homeport.comments.queries.places import IS_APART, THREAD
from homeport.comments.queries.visitor import TITLE
from homeport.comments.rows import ShownComment

FEED_SIZE = 50


_newest = (
    select(
        shown().label("shown"),
        Response.created_at,
        Response.id,
        THREAD.label("thread"),
        IS_APART.label("is_apart"),
    )
    .outerjoin(Author, Author.id == Response.author_id)
    .where(Response.entry_id == Entry.id, Response.state == "shown")
    .order_by(Response.created_at.desc(), Response.id.desc())
    .limit(FEED_SIZE)
    .correlate(Entry)
    .subquery("newest")
)
_placed = func.jsonb_build_object("shown", _newest.c.shown, "thread", _newest.c.thread, "is_apart", _newest.c.is_apart)
_COMMENTS = select(
    func.jsonb_agg(aggregate_order_by(_placed, _newest.c.created_at.desc(), _newest.c.id.desc()))
).scalar_subquery()


@dataclass(frozen=True, slots=True)
class CommentFeed:
    """The newest comments on an entry, each with its thread if it is on the page of that; no mail address is in it."""

    entry_path: str
    entry_public_id: str
    entry_title: str
    comments: tuple[tuple[ShownComment, str], ...]


def find_comment_feed(connection: Connection, asked: str, base: str) -> CommentFeed | None:
    """Return the feed that is asked for as `asked`, below the entry at `base`; one statement.

    None when there is no such entry, and when an entry itself lives at `asked`: then that is what is meant.
    """
    found = connection.execute(
        select(Entry.path, Entry.public_id, TITLE.label("title"), _COMMENTS.label("comments"))
        .where(IS_LIVE, Entry.path.in_([asked, base, f"{base}/"]))
        .order_by(case((Entry.path == asked, 0), (Entry.path == base, 1), else_=2))
        .limit(1)
    ).one_or_none()
    if found is None or found.path == asked:
        return None
    comments = tuple(_placed_comment(row) for row in found.comments or ())
    return CommentFeed(found.path, str(found.public_id), found.title, comments)


def _placed_comment(row: Mapping[str, Any]) -> tuple[ShownComment, str]:
    return comment_of(row["shown"]), row["thread"] if row["is_apart"] else ""
