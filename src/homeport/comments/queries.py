"""Reading the conversation as readers see it, and one comment as its writer does."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Integer, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from homeport.accounts.models import Author
from homeport.blog.models import Byline, Entry
from homeport.blog.queries.cards import IS_LIVE
from homeport.comments.models import Block, Response
from homeport.comments.rows import CommentedEntry, Conversation, OwnComment, ShownComment
from homeport.comments.rules import is_open
from homeport.site.rows import SiteCard

EDIT_LIFE = timedelta(minutes=15)

_SHOWN = func.jsonb_build_object(
    "id", Response.id,
    "parent_id", Response.parent_id,
    "public_id", cast(Response.public_id, Text),
    "name", func.coalesce(Author.name, Response.writer_name),
    "url", Response.writer_url,
    "html", Response.html,
    "created_at", Response.created_at,
    "is_edited", Response.edited_at.is_not(None),
    "author_slug", Author.slug,
)  # fmt: skip
_ALL_SHOWN = (
    select(
        func.coalesce(
            func.jsonb_agg(aggregate_order_by(_SHOWN, Response.created_at, Response.id)), cast(literal("[]"), JSONB)
        )
    )
    .select_from(Response)
    .outerjoin(Author, Author.id == Response.author_id)
    .where(Response.entry_id == Entry.id, Response.state == "shown")
    .correlate(Entry)
    .scalar_subquery()
)
_AGE_DAYS = cast(func.floor(func.extract("epoch", func.now() - Entry.published_at) / 86_400), Integer)

CONVERSATION = func.jsonb_build_object(
    "comments", _ALL_SHOWN, "comments_open", Entry.comments_open, "age_days", _AGE_DAYS
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
            replies.setdefault(row["parent_id"], []).append(_comment(row))
    tops = [row for row in rows if row["parent_id"] not in shown]
    return tuple(replace(_comment(row), replies=tuple(replies.get(row["id"], ()))) for row in tops)


def _comment(row: Mapping[str, Any]) -> ShownComment:
    return ShownComment(
        public_id=row["public_id"],
        name=row["name"],
        url=row["url"],
        html=row["html"],
        created_at=datetime.fromisoformat(row["created_at"]),
        is_edited=row["is_edited"],
        author_path=f"/authors/{row['author_slug']}" if row["author_slug"] else "",
    )


_TITLE = func.coalesce(func.nullif(Entry.title, ""), func.nullif(func.left(Entry.excerpt, 80), ""), "Untitled")
_AUTHOR_IDS = select(func.array_agg(Byline.author_id)).where(Byline.entry_id == Entry.id).scalar_subquery()
_COMMENTED = select(
    Entry.id,
    Entry.public_id,
    Entry.path,
    _TITLE.label("title"),
    Entry.kind,
    Entry.comments_open,
    _AGE_DAYS.label("age_days"),
    _AUTHOR_IDS.label("author_ids"),
).where(IS_LIVE)


def find_commented_entry(connection: Connection, public_id: UUID) -> CommentedEntry | None:
    """Return a live entry by its public id."""
    row = connection.execute(_COMMENTED.where(Entry.public_id == public_id)).mappings().one_or_none()
    return CommentedEntry(**{**row, "author_ids": tuple(row["author_ids"] or ())}) if row else None


def find_answered(connection: Connection, entry_id: int, public_id: UUID) -> ShownComment | None:
    """Return the shown comment of an entry that somebody wants to answer."""
    wanted = select(_SHOWN).select_from(Response).outerjoin(Author, Author.id == Response.author_id)
    row = connection.execute(
        wanted.where(Response.entry_id == entry_id, Response.public_id == public_id, Response.state == "shown")
    ).scalar_one_or_none()
    return _comment(row) if row else None


_OWN = select(
    Response.public_id,
    Response.state,
    Response.writer_name.label("name"),
    Response.writer_email.label("email"),
    Response.writer_url.label("url"),
    Response.text,
    Response.html,
    Response.created_at,
    (Response.created_at > func.now() - EDIT_LIFE).label("is_fresh"),
    Entry.public_id.label("entry_public_id"),
    Entry.path.label("entry_path"),
    _TITLE.label("entry_title"),
).join(Entry, Entry.id == Response.entry_id)


def find_own_comment(connection: Connection, public_id: UUID) -> OwnComment | None:
    """Return a comment for its writer; one that was deleted is not there any more."""
    wanted = _OWN.where(Response.public_id == public_id, Response.state != "deleted", IS_LIVE)
    row = connection.execute(wanted).mappings().one_or_none()
    return OwnComment(**row) if row else None


def is_known_writer(connection: Connection, name: str, email: str, *, but: UUID | None = None) -> bool:
    """Say whether the author has approved a comment by this name and mail before."""
    if not email:
        return False
    approved = select(Response.id).where(
        func.lower(Response.writer_email) == email.lower(),
        Response.writer_name == name,
        Response.state == "shown",
        Response.learned == "ham",
    )
    if but is not None:
        approved = approved.where(Response.public_id != but)
    return connection.execute(select(approved.exists())).scalar_one()


def is_blocked(connection: Connection, values: Iterable[str]) -> bool:
    """Say whether any of these values of a writer is blocked."""
    return connection.execute(select(select(Block.id).where(Block.value.in_(list(values))).exists())).scalar_one()
