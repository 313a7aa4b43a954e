"""Comments as an export carries them: all that makes the same conversation elsewhere, and no trace of a network."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from homeport.accounts.models import Author
from homeport.blog.models import Entry
from homeport.comments.models import Block, Response
from homeport.exchange.contents import plain

TEXTS = ("writer_name", "writer_email", "writer_url", "text", "source_url", "held_because")
"""Columns that hold any text; the HTML is not among them, it is made anew from what was written."""

WORDS = ("source", "state", "learned")
MOMENTS = ("edited_at", "decided_at")


def list_comments(session: Session) -> list[dict[str, Any]]:
    """Return every comment on entries that are not deleted, in the order in which they came."""
    parent = aliased(Response)
    columns = (getattr(Response, name) for name in (*TEXTS, *WORDS, *MOMENTS, "created_at", "spam_score", "public_id"))
    rows = session.execute(
        select(
            *columns,
            Entry.public_id.label("entry"),
            parent.public_id.label("answers"),
            Author.slug.label("author"),
        )
        .join(Entry, Entry.id == Response.entry_id)
        .outerjoin(parent, parent.id == Response.parent_id)
        .outerjoin(Author, Author.id == Response.author_id)
        .where(Entry.deleted_at.is_(None))
        .order_by(Response.id)
    ).mappings()
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def list_blocked(session: Session) -> list[dict[str, Any]]:
    """Return who is blocked by mail or site; the hash of a network address means nothing without this site's key."""
    rows = session.execute(
        select(Block.kind, Block.value, Block.created_at).where(Block.kind != "address").order_by(Block.id)
    ).mappings()
    return [{name: plain(value) for name, value in row.items()} for row in rows]
