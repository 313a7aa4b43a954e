"""Every read of accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from homeport.accounts.audit import COMMAND_LINE
from homeport.accounts.models import Account, Author
from homeport.accounts.proofs import AuditEvent, Passkey, SignIn


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account as those who run the site see it; `display_name` is what readers see."""

    name: str
    role: str
    display_name: str
    has_password: bool
    is_active: bool
    has_codes: bool
    passkeys: int
    created_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignInCard:
    """A browser that is signed in, as its owner sees it."""

    id: int
    method: str
    user_agent: str
    address: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the audit log."""

    id: int
    at: datetime
    account_name: str
    action: str
    subject: str
    details: dict[str, Any]
    address: str


@dataclass(frozen=True, slots=True)
class KnownAuthor:
    """An author as those who run the site see it; `account` is the name they sign in with, if they do."""

    slug: str
    name: str
    bio: str
    url: str
    image_path: str
    account: str | None


_ACCOUNTS = (
    select(
        Account.name,
        Account.role,
        Author.name.label("display_name"),
        (Account.password_hash != "").label("has_password"),
        Account.is_active,
        (Account.totp_secret != "").label("has_codes"),
        select(func.count()).where(Passkey.account_id == Account.id).scalar_subquery().label("passkeys"),
        Account.created_at,
        select(func.max(SignIn.seen_at)).where(SignIn.account_id == Account.id).scalar_subquery().label("seen_at"),
    )
    .join(Author, Author.id == Account.author_id)
    .order_by(Account.created_at, Account.id)
)


_AUTHORS = (
    select(
        Author.slug,
        Author.name,
        Author.bio,
        Author.url,
        Author.image_path,
        Account.name.label("account"),
    )
    .outerjoin(Account, Account.author_id == Author.id)
    .order_by(func.lower(Author.name), Author.id)
)


def list_authors(connection: Connection) -> tuple[KnownAuthor, ...]:
    """Return everybody who has written here, by name, imported authors included."""
    return tuple(KnownAuthor(**row) for row in connection.execute(_AUTHORS).mappings())


def list_accounts(connection: Connection) -> tuple[AccountCard, ...]:
    """Return every account, the oldest first."""
    return tuple(AccountCard(**row) for row in connection.execute(_ACCOUNTS).mappings())


def list_sign_ins(connection: Connection, account_id: int) -> tuple[SignInCard, ...]:
    """Return the browsers in which an account is signed in, the one used last first."""
    wanted = (
        select(SignIn.id, SignIn.method, SignIn.user_agent, SignIn.address, SignIn.created_at, SignIn.seen_at)
        .where(SignIn.account_id == account_id, SignIn.expires_at > func.now())
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return tuple(SignInCard(**row) for row in connection.execute(wanted).mappings())


def list_events(connection: Connection, *, person: str = "", before: int | None = None, most: int) -> tuple[Event, ...]:
    """Return what happened, the newest first: of all or of one person, and older than the event `before`."""
    wanted = select(
        AuditEvent.id,
        AuditEvent.at,
        AuditEvent.account_name,
        AuditEvent.action,
        AuditEvent.subject,
        AuditEvent.details,
        AuditEvent.address,
    ).order_by(AuditEvent.id.desc())
    if person:
        wanted = wanted.where(AuditEvent.account_name == person)
    if before is not None:
        wanted = wanted.where(AuditEvent.id < before)
    return tuple(Event(**row) for row in connection.execute(wanted.limit(most)).mappings())


def list_actors(connection: Connection) -> tuple[str, ...]:
    """Return the names that the audit log can be asked for: everybody with an account, and the command line."""
    return (*connection.scalars(select(Account.name).order_by(Account.name)), COMMAND_LINE.name)


def name_of(connection: Connection, account_id: int) -> str:
    """Return the name an account signs in with, '' when there is none."""
    return connection.execute(select(Account.name).where(Account.id == account_id)).scalar_one_or_none() or ""
