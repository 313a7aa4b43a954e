"""Every read of accounts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from homeport.accounts.models import Account, Author


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account as those who run the site see it; `display_name` is what readers see."""

    name: str
    role: str
    display_name: str
    has_password: bool
    created_at: datetime


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


def list_accounts(connection: Connection) -> tuple[AccountCard, ...]:
    """Return every account, the oldest first."""
    return tuple(AccountCard(**row) for row in connection.execute(_ACCOUNTS).mappings())
