"""Proofs under way: what a browser has been asked for, kept until it answers, once and within minutes."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert

from homeport.accounts.hashes import hash_of
from homeport.accounts.proofs import Challenge
from homeport.db.session import Database
from homeport.errors import InvalidError

LIFE = timedelta(minutes=5)
RANDOM_BYTES = 32


class Purpose(StrEnum):
    """What a proof is for; an answer to one never counts for another."""

    SIGN_IN = "sign in with a passkey"
    SECOND_FACTOR = "give the second factor"
    NEW_PASSKEY = "add a passkey"
    FIRST_PASSKEY = "add a passkey to a new account"
    PROOF = "prove it again with a passkey"
    NEW_CODES = "switch on one-time codes"


class ChallengeGoneError(InvalidError):
    """A proof that took too long, or was given before."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: `value` are the bytes to be signed, or what else the step after this one has to know."""

    value: bytes
    account_id: int | None


def ask(
    database: Database, purpose: Purpose, *, account_id: int | None = None, value: bytes | None = None
) -> tuple[str, bytes]:
    """Begin a proof; return the ticket that the browser sends back, and the value, random by default.

    It is kept even when the answer to the request is a refusal, which may be the very page that asks once more.
    """
    ticket = secrets.token_urlsafe(32)
    value = secrets.token_bytes(RANDOM_BYTES) if value is None else value
    asked = insert(Challenge).values(
        purpose=purpose,
        token_hash=hash_of(ticket),
        challenge=value,
        account_id=account_id,
        expires_at=func.now() + LIFE,
    )
    with database.record_now() as connection:
        connection.execute(asked)
    return ticket, value


def take(database: Database, purpose: Purpose, ticket: str, *, account_id: int | None = None) -> Asked:
    """Take what was asked; it is gone from now on, whatever becomes of the answer.

    With an `account_id`, only what was asked of that account. Raises ChallengeGoneError.
    """
    taking = delete(Challenge).where(
        Challenge.purpose == purpose, Challenge.token_hash == hash_of(ticket), Challenge.expires_at > func.now()
    )
    if account_id is not None:
        taking = taking.where(Challenge.account_id == account_id)
    with database.record_now() as connection:
        row = connection.execute(taking.returning(Challenge.challenge, Challenge.account_id)).one_or_none()
    if row is None:
        raise ChallengeGoneError("that took too long", hint="Please try once more.")
    return Asked(bytes(row.challenge), row.account_id)


def purge_challenges(connection: Connection) -> int:
    """Forget what nobody answered and return how many there were."""
    return connection.execute(delete(Challenge).where(Challenge.expires_at < func.now())).rowcount
