"""Looking at a name and a password, in the same time whether or not there is such an account."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from homeport.accounts.limits import LimitReachedError, hit, in_words
from homeport.accounts.models import Account
from homeport.accounts.passwords import hash_password, is_password, needs_new_hash
from homeport.db.session import Database
from homeport.errors import TooManyRequestsError

QUARTER_SECONDS, HOUR_SECONDS, DAY_SECONDS = 900, 3600, 86400
# From one address an account is tried at most 40 times an hour: nobody locks somebody else out alone.
TRIES_FROM_ONE_ADDRESS = 10
TRIES_AN_HOUR = 60
# A browser that has signed in before has tries of its own, few enough for whoever has stolen its cookie.
TRIES_OF_A_DEVICE, TRIES_OF_A_DEVICE_A_DAY = 10, 50
CODES_A_QUARTER, CODES_A_DAY = 5, 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account somebody claims to be."""

    account_id: int
    name: str
    password_hash: str
    has_codes: bool


_CANDIDATE = select(
    Account.id.label("account_id"),
    Account.name,
    Account.password_hash,
    (Account.totp_secret != "").label("has_codes"),
).where(Account.is_active)


def find_candidate(connection: Connection, name: str) -> Candidate | None:
    """Return the account of a name that may sign in."""
    row = connection.execute(_CANDIDATE.where(Account.name == name)).mappings().one_or_none()
    return Candidate(**row) if row else None


def find_candidate_by_id(connection: Connection, account_id: int) -> Candidate | None:
    """Return an account by its number, if it may still sign in."""
    row = connection.execute(_CANDIDATE.where(Account.id == account_id)).mappings().one_or_none()
    return Candidate(**row) if row else None


def has_proved(candidate: Candidate | None, password: str) -> bool:
    """Say whether the password is the candidate's; nobody's is looked at for as long as somebody's.

    Raises BusyHashingError.
    """
    return is_password(password, candidate.password_hash if candidate else "") and candidate is not None


def refresh_hash(session: Session, candidate: Candidate, password: str) -> None:
    """Hash a password that was right once more where the cost of hashing has changed since."""
    if needs_new_hash(candidate.password_hash):
        session.execute(
            update(Account).where(Account.id == candidate.account_id).values(password_hash=hash_password(password))
        )


class PasswordTriedTooOftenError(TooManyRequestsError):
    """Passwords wait for a while, for the account or for the browser; passkeys do not."""


def count_password(database: Database, name: str, address: str | None, *, device: str | None = None) -> None:
    """Count a try of a password against its account, and against the account from this address.

    One from a `device` that has signed in as this account counts against that alone: what strangers try elsewhere
    keeps nobody out who was in already. Raises PasswordTriedTooOftenError.
    """
    try:
        _count_password(database, name, address, device)
    except LimitReachedError as error:
        raise PasswordTriedTooOftenError(
            "passwords were tried too often",
            hint=f"Try again in {in_words(error.retry_after)}; a passkey signs you in at once.",
            retry_after=error.retry_after,
        ) from error


def count_code(database: Database, account_id: int) -> None:
    """Count a try of a second factor, which only somebody with the password can make.

    Raises LimitReachedError.
    """
    hit(database, f"code:{account_id}", limit=CODES_A_QUARTER, window_seconds=QUARTER_SECONDS)
    hit(database, f"codes-a-day:{account_id}", limit=CODES_A_DAY, window_seconds=DAY_SECONDS)


def _count_password(database: Database, name: str, address: str | None, device: str | None) -> None:
    if device is not None:
        hit(database, f"device:{device}", limit=TRIES_OF_A_DEVICE, window_seconds=QUARTER_SECONDS)
        hit(database, f"device-a-day:{device}", limit=TRIES_OF_A_DEVICE_A_DAY, window_seconds=DAY_SECONDS)
        return
    # People type passwords into the field for the name, so what they type there is not kept either.
    key = f"password:{hashlib.sha256(name.encode()).hexdigest()[:32]}"
    if address is not None:
        hit(database, f"{key}:{address}", limit=TRIES_FROM_ONE_ADDRESS, window_seconds=QUARTER_SECONDS)
    hit(database, key, limit=TRIES_AN_HOUR, window_seconds=HOUR_SECONDS)
