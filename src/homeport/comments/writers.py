"""What a writer is blocked by, and all that is kept of one person: shown to them, or forgotten."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.orm import Session

from homeport.blog.models import Entry
from homeport.comments.models import Block, Response


def blocked_as(email: str, url: str, address_hash: bytes | None) -> dict[str, str]:
    """Return by kind the values under which a writer is blocked; whatever they left empty is none."""
    parts = urlsplit(url.lower())
    site = f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}"
    values = {
        "email": f"mail {email.lower()}" if email else "",
        "site": f"site {site}" if url else "",
        "address": f"address {address_hash.hex()}" if address_hash else "",
    }
    return {kind: value for kind, value in values.items() if value}


_KEPT = (
    select(
        Response.public_id,
        Entry.path.label("entry"),
        Response.source,
        Response.state,
        Response.writer_name.label("name"),
        Response.writer_email.label("mail"),
        Response.writer_url.label("site"),
        Response.text,
        Response.held_because,
        Response.spam_score,
        Response.address_hash,
        Response.created_at,
        Response.edited_at,
        Response.decided_at,
    )
    .join(Entry, Entry.id == Response.entry_id)
    .order_by(Response.created_at, Response.id)
)


def export_person(connection: Connection, email: str) -> list[dict[str, Any]]:
    """Return everything that is kept of the person with a mail address, as values that JSON takes."""
    rows = connection.execute(_KEPT.where(func.lower(Response.writer_email) == email.strip().lower())).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def erase_person(session: Session, email: str) -> int:
    """Forget everything of the person with a mail address and return how many comments that were.

    Answers of others to them stay.
    """
    email = email.strip().lower()
    own = select(Response.id).where(func.lower(Response.writer_email) == email, Response.writer_email != "")
    session.execute(update(Response).where(Response.parent_id.in_(own)).values(parent_id=None))
    erased = session.execute(delete(Response).where(Response.id.in_(own)).returning(Response.id)).all()
    session.execute(delete(Block).where(Block.value.in_(blocked_as(email, "", None).values())))
    return len(erased)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, str | int | float) else str(value)
