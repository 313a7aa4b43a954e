"""API tokens: what a program shows instead of signing in. Made once, shown once, kept as a hash."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select, update
from sqlalchemy.orm import Session

from homeport.accounts.hashes import hash_of
from homeport.accounts.models import Account, Author
from homeport.accounts.permissions import Member, Permission, permissions_of
from homeport.accounts.proofs import ApiToken
from homeport.accounts.signins import SEEN_EVERY
from homeport.errors import InvalidError

PREFIX = "hp_"
"""Lets people and scanners of leaked secrets see what it is."""

RANDOM_BYTES = 32
LONGEST_NAME = 100
LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class TokenCard:
    """A token as its owner sees it."""

    id: int
    account_name: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


_OPEN = (ApiToken.revoked_at.is_(None), or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > func.now()))

_MEMBER = (
    select(
        ApiToken.id.label("token_id"),
        ApiToken.scopes,
        or_(ApiToken.used_at.is_(None), ApiToken.used_at < func.now() - SEEN_EVERY).label("is_stale"),
        Account.id.label("account_id"),
        Account.name,
        Account.role,
        Account.author_id,
        Author.slug.label("author_slug"),
        Author.name.label("display_name"),
    )
    .join(Account, Account.id == ApiToken.account_id)
    .join(Author, Author.id == Account.author_id)
    .where(*_OPEN, Account.is_active)
)

_CARDS = (
    select(
        ApiToken.id,
        Account.name.label("account_name"),
        ApiToken.name,
        ApiToken.scopes,
        ApiToken.created_at,
        ApiToken.expires_at,
        ApiToken.used_at,
    )
    .join(Account, Account.id == ApiToken.account_id)
    .where(*_OPEN)
    .order_by(ApiToken.id.desc())
)


def make_token(session: Session, member: Member, name: str, scopes: Iterable[str], *, days: int | None) -> str:
    """Make a token of the member's with these scopes, for so many days or for ever, and return it.

    Raises InvalidError for a name, scopes or a time that cannot be taken.
    """
    if not name or len(name) > LONGEST_NAME:
        raise InvalidError("a token needs a name", hint="Say what it is for, so that you know it again.")
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise InvalidError(f"a token lives from 1 to {LONGEST_DAYS} days")
    token = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    session.add(
        ApiToken(
            account_id=member.account_id,
            name=name,
            token_hash=hash_of(token),
            scopes=_checked(member, scopes),
            expires_at=None if days is None else func.now() + timedelta(days=days),
        )
    )
    session.flush()
    return token


def find_token_member(connection: Connection, token: str) -> Member | None:
    """Return who a token speaks for, allowed what its scopes and its account allow; None when it is no good."""
    if not token.startswith(PREFIX):
        return None
    row = connection.execute(_MEMBER.where(ApiToken.token_hash == hash_of(token))).mappings().one_or_none()
    if row is None:
        return None
    facts = {name: value for name, value in row.items() if name != "scopes"}
    return Member(**facts, permissions=permissions_of(row["role"], row["scopes"]))


def note_token_used(connection: Connection, token_id: int) -> None:
    """Note that a token is in use."""
    connection.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=func.now()))


def list_tokens(connection: Connection, *, account_id: int | None = None) -> tuple[TokenCard, ...]:
    """Return the tokens that still open something, of one account or of all, the newest first."""
    wanted = _CARDS if account_id is None else _CARDS.where(ApiToken.account_id == account_id)
    return tuple(TokenCard(**row) for row in connection.execute(wanted).mappings())


def revoke_token(session: Session, token_id: int, *, account_id: int | None = None) -> str | None:
    """Make a token open nothing any more, one of `account_id` if given; return its name, None when there is none."""
    revoking = update(ApiToken).where(ApiToken.id == token_id, ApiToken.revoked_at.is_(None))
    if account_id is not None:
        revoking = revoking.where(ApiToken.account_id == account_id)
    return session.execute(revoking.values(revoked_at=func.now()).returning(ApiToken.name)).scalar_one_or_none()


def _checked(member: Member, scopes: Iterable[str]) -> list[str]:
    wanted = [permission for permission in Permission if permission in set(scopes)]
    if not wanted:
        raise InvalidError("a token needs at least one thing that it may do")
    refused = [permission for permission in wanted if not member.may(permission)]
    if refused:
        raise InvalidError(f"a token may do no more than you: not {', '.join(refused)}")
    return [str(permission) for permission in wanted]
