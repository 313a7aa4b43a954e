"""Links that show an entry to whoever has them before it is public, until they expire or are withdrawn."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from homeport.accounts.audit import Actor, note
from homeport.accounts.permissions import Member
from homeport.blog.actions import LOADS
from homeport.blog.drafts import lock_draft
from homeport.blog.models import Entry
from homeport.blog.versions import ShareLink
from homeport.errors import GoneError, InvalidError, NotFoundError

DAYS = (1, 7, 30)


@dataclass(frozen=True, slots=True)
class SharedLink:
    """A link that works at the moment; `number` is what it is called when it is withdrawn."""

    number: int
    path: str
    created_at: datetime
    expires_at: datetime | None


def share_entry(session: Session, member: Member, public_id: UUID, *, days: int | None, address: str = "") -> ShareLink:
    """Make a link that works for some days, or until it is withdrawn.

    Raises InvalidError for other numbers of days, NotFoundError, ForbiddenError, DeletedEntryError.
    """
    if days is not None and days not in DAYS:
        raise InvalidError(f"a link works for {', '.join(map(str, DAYS))} days, or until it is withdrawn")
    entry = lock_draft(session, member, public_id).entry
    link = ShareLink(entry_id=entry.id, token=secrets.token_urlsafe(24), account_id=member.account_id)
    link.expires_at = func.now() + timedelta(days=days) if days else None
    session.add(link)
    note(session, Actor.of(member, address), "entry.shared", entry.title or entry.slug, entry=str(public_id), days=days)
    session.flush()
    return link


def withdraw_link(session: Session, member: Member, public_id: UUID, number: int, *, address: str = "") -> None:
    """Let a link lead nowhere from now on.

    Raises NotFoundError, ForbiddenError, DeletedEntryError.
    """
    entry = lock_draft(session, member, public_id).entry
    link = session.scalars(
        select(ShareLink).where(ShareLink.entry_id == entry.id, ShareLink.id == number)
    ).one_or_none()
    if link is None:
        raise NotFoundError("there is no such link")
    link.withdrawn_at = func.now()
    note(session, Actor.of(member, address), "entry.link_withdrawn", entry.title or entry.slug, entry=str(public_id))
    session.flush()


def list_links(session: Session, entry_id: int) -> tuple[SharedLink, ...]:
    """Return the links to an entry that work at the moment, the newest first."""
    rows = session.execute(
        select(ShareLink.id, ShareLink.token, ShareLink.created_at, ShareLink.expires_at)
        .where(
            ShareLink.entry_id == entry_id,
            ShareLink.withdrawn_at.is_(None),
            func.coalesce(ShareLink.expires_at > func.now(), True),
        )
        .order_by(ShareLink.id.desc())
    )
    return tuple(SharedLink(row.id, f"/preview/{row.token}", row.created_at, row.expires_at) for row in rows)


def find_shared(session: Session, token: str) -> Entry:
    """Return the entry that a link shows.

    Raises NotFoundError for a link that never was, GoneError for one that has expired or was withdrawn.
    """
    row = session.execute(
        select(Entry, func.coalesce(ShareLink.expires_at <= func.now(), False), ShareLink.withdrawn_at)
        .join(ShareLink, ShareLink.entry_id == Entry.id)
        .where(ShareLink.token == token)
        .options(*LOADS)
    ).one_or_none()
    if row is None:
        raise NotFoundError("there is no such link")
    entry, has_expired, withdrawn_at = row
    if has_expired or withdrawn_at is not None or entry.deleted_at is not None:
        raise GoneError("this link works no more")
    return entry
