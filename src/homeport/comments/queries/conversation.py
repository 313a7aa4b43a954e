"""The conversation below an entry as readers see it, read in the statement that reads the entry."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from homeport.accounts.models import Author
from homeport.blog.models import Entry
from homeport.comments.models import Response
from homeport.comments.rows import Conversation, ShownComment
from homeport.comments.rules import is_open
from homeport.site.rows import SiteCard

SHOWN = func.jsonb_build_object(
    "id", Response.id,
    "parent_id", Response.parent_id,
    "public_id", cast(Response.public_id, Text),
    "name", func.coalesce(Author.name, Response.writer_name),
    "url", Response.writer_url,
    "html", Response.html,
    "created_at", Response.created_at,
    "edited_at", Response.edited_at,
    "author_slug", Author.slug,
)  # fmt: skip
_ALL_SHOWN = (
    select(
        func.coalesce(
            func.jsonb_agg(aggregate_order_by(SHOWN, Response.created_at, Response.id)), cast(literal("[]"), JSONB)
        )
    )
    .select_from(Response)
    .outerjoin(Author, Author.id == Response.author_id)
    .where(Response.entry_id == Entry.id, Response.state == "shown")
    .correlate(Entry)
    .scalar_subquery()
)
AGE_DAYS = cast(func.floor(func.extract("epoch", func.now() - Entry.published_at) / 86_400), Integer)

CONVERSATION = func.jsonb_build_object(
    "comments", _ALL_SHOWN, "comments_open", Entry.comments_open, "age_days", AGE_DAYS
)
"""All that an entry's page needs to know, read in the statement that reads the entry."""


def conversation_of(site: SiteCard, kind: str, value: Mapping[str, Any]) -> Conversation:
    """Return the conversation in a value of `CONVERSATION`."""
    return Conversation(
        comments=_threads(value["comments"]),
        count=len(value["comments"]),
        is_open=is_open(site, kind=kind, comments_open=value["comments_open"], age_days=value["age_days"]),
    )


def _threads(rows: Iterable[Mapping[str, Any]]) -> tuple[ShownComment, ...]:
    """Put replies below what they answer; one whose parent is not shown stands by itself."""
    rows = list(rows)
    shown = {row["id"] for row in rows}
    replies: dict[int, list[ShownComment]] = {}
    for row in rows:
        if row["parent_id"] in shown:
            replies.setdefault(row["parent_id"], []).append(comment_of(row))
    tops = [row for row in rows if row["parent_id"] not in shown]
    return tuple(replace(comment_of(row), replies=tuple(replies.get(row["id"], ()))) for row in tops)


def comment_of(row: Mapping[str, Any]) -> ShownComment:
    """Return the comment in a value of `SHOWN`."""
    return ShownComment(
        public_id=row["public_id"],
        name=row["name"],
        url=row["url"],
        html=row["html"],
        created_at=datetime.fromisoformat(row["created_at"]),
        edited_at=datetime.fromisoformat(row["edited_at"]) if row["edited_at"] else None,
        author_path=f"/authors/{row['author_slug']}" if row["author_slug"] else "",
    )
