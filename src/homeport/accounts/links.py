"""One-time links: who holds one may set up the site, come back in, or join, once and before it expires."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.orm import Session

from homeport.accounts.hashes import hash_of
from homeport.accounts.models import OneTimeLink
from homeport.errors import GoneError

SETUP, RESET, INVITATION = "setup", "reset", "invitation"
PATHS = {SETUP: "/setup/", RESET: "/account/reset/", INVITATION: "/account/join/"}
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class LinkGoneError(GoneError):
    """A link that was used, withdrawn, has expired, or never was."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that still opens; its token is known only to who was given it."""

    id: int
    purpose: str
    account_id: int | None
    role: str
    note: str
    created_at: datetime
    expires_at: datetime


_COLUMNS = (
    OneTimeLink.id,
    OneTimeLink.purpose,
    OneTimeLink.account_id,
    OneTimeLink.role,
    OneTimeLink.note,
    OneTimeLink.created_at,
    OneTimeLink.expires_at,
)
_OPEN = (OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > func.now())
_LINK = select(*_COLUMNS).where(*_OPEN)


def make_link(
    session: Session,
    purpose: str,
    *,
    life: timedelta,
    account_id: int | None = None,
    role: str = "",
    note: str = "",
) -> str:
    """Make a link and return its path on the site; nothing shows it a second time."""
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            purpose=purpose,
            token_hash=hash_of(token),
            account_id=account_id,
            role=role,
            note=note,
            expires_at=func.now() + life,
        )
    )
    session.flush()
    return PATHS[purpose] + token


def find_link(connection: Connection, purpose: str, token: str) -> Link:
    """Return what a link opens.

    Raises LinkGoneError.
    """
    wanted = _LINK.where(OneTimeLink.purpose == purpose, OneTimeLink.token_hash == hash_of(token))
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        raise LinkGoneError("this link has been used or has expired")
    return Link(**row)


def use_link(session: Session, purpose: str, token: str) -> Link:
    """Take a link: of two who come at the same time the second waits for the first, and finds it used.

    Raises LinkGoneError.
    """
    taken = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.purpose == purpose, OneTimeLink.token_hash == hash_of(token), *_OPEN)
        .values(used_at=func.now())
        .returning(*_COLUMNS)
    )
    row = taken.mappings().one_or_none()
    if row is None:
        raise LinkGoneError("this link has been used or has expired")
    return Link(**row)


def list_invitations(connection: Connection) -> tuple[Link, ...]:
    """Return the invitations that nobody has followed yet, the newest first."""
    wanted = _LINK.where(OneTimeLink.purpose == INVITATION).order_by(OneTimeLink.id.desc())
    return tuple(Link(**row) for row in connection.execute(wanted).mappings())


def withdraw_invitation(session: Session, link_id: int) -> bool:
    """Make an invitation open nothing any more; say whether it would have."""
    unused = OneTimeLink.used_at.is_(None)
    taken = delete(OneTimeLink).where(OneTimeLink.id == link_id, OneTimeLink.purpose == INVITATION, unused)
    return bool(session.execute(taken.returning(OneTimeLink.id)).all())


def withdraw_links(session: Session, purpose: str, *, account_id: int | None = None) -> None:
    """Make every link of a purpose open nothing any more, or those of one account."""
    taken = delete(OneTimeLink).where(OneTimeLink.purpose == purpose)
    session.execute(taken if account_id is None else taken.where(OneTimeLink.account_id == account_id))
