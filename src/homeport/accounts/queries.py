"""Every read of accounts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from homeport.accounts.models import Account, Author


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account as those who run the site see it; `display_name` is what readers see."""

    name: str
    role: str
    display_name: str
    has_password: bool
    created_at: datetime


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
        Account.created_at,
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
