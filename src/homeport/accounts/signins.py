"""Browsers that are signed in: a random token in a cookie, its hash in a row that can be listed and ended."""

import secrets
from datetime import timedelta

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.orm import Session

from homeport.accounts.hashes import hash_of
from homeport.accounts.models import Account, Author
from homeport.accounts.permissions import Member, permissions_of
from homeport.accounts.proofs import SignIn

LIFE = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)
"""How often a sign-in notes that it is in use; a write at every request would help nobody."""

PROOF = timedelta(minutes=15)
"""For how long a proof of who one is opens what only its owner may change: passwords, passkeys, roles, tokens."""

LONGEST_USER_AGENT = 300


def open_sign_in(session: Session, account_id: int, *, method: str, user_agent: str = "", address: str = "") -> str:
    """Sign a browser in and return the token for its cookie; `method` says how the account proved itself."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            account_id=account_id,
            token_hash=hash_of(token),
            method=method,
            user_agent=user_agent[:LONGEST_USER_AGENT].replace("\x00", ""),
            address=address,
            expires_at=func.now() + LIFE,
        )
    )
    session.flush()
    return token


def end_sign_ins(session: Session, account_id: int, *, sign_in_id: int | None = None, but: int | None = None) -> int:
    """End one sign-in of an account, or all of them, or all `but` one; return how many ended."""
    ending = delete(SignIn).where(SignIn.account_id == account_id)
    if sign_in_id is not None:
        ending = ending.where(SignIn.id == sign_in_id)
    if but is not None:
        ending = ending.where(SignIn.id != but)
    return len(session.execute(ending.returning(SignIn.id)).all())


def close_sign_in(session: Session, token: str) -> None:
    """End the sign-in of a cookie's token, if it is one."""
    session.execute(delete(SignIn).where(SignIn.token_hash == hash_of(token)))


def note_proof(session: Session, sign_in_id: int) -> None:
    """Note that whoever holds this sign-in has just proved again who they are."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(proved_at=func.now()))


def purge_sign_ins(connection: Connection) -> int:
    """Forget sign-ins that have expired and return how many there were."""
    return connection.execute(delete(SignIn).where(SignIn.expires_at < func.now())).rowcount


def note_seen(session: Session | Connection, sign_in_id: int) -> None:
    """Note that a sign-in is in use, and let it live on from now."""
    session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.seen_at < func.now() - SEEN_EVERY)
        .values(seen_at=func.now(), expires_at=func.now() + LIFE)
    )


_MEMBER = (
    select(
        SignIn.id.label("sign_in_id"),
        (SignIn.proved_at > func.now() - PROOF).label("is_proved"),
        (SignIn.seen_at < func.now() - SEEN_EVERY).label("is_stale"),
        Account.id.label("account_id"),
        Account.name,
        Account.role,
        Account.author_id,
        Author.slug.label("author_slug"),
        Author.name.label("display_name"),
    )
    .join(Account, Account.id == SignIn.account_id)
    .join(Author, Author.id == Account.author_id)
    .where(SignIn.expires_at > func.now(), Account.is_active)
)


def find_member(connection: Connection, token: str) -> Member | None:
    """Return who is signed in with a cookie's token, or None when it opens nothing any more."""
    row = connection.execute(_MEMBER.where(SignIn.token_hash == hash_of(token))).mappings().one_or_none()
    return Member(**row, permissions=permissions_of(row["role"])) if row else None
