"""The list of accounts."""

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from homeport.accounts.actions import create_account
from homeport.accounts.queries import list_accounts


def test_accounts_are_listed_oldest_first_without_their_hashes(session: Session, connection: Connection) -> None:
    create_account(session, "zoe", "seven quiet lanterns", role="owner")
    create_account(session, "ada", "seven quiet lanterns", display_name="Ada Lovelace")
    accounts = list_accounts(connection)
    assert [(account.name, account.role, account.display_name) for account in accounts] == [
        ("zoe", "owner", "zoe"),
        ("ada", "author", "Ada Lovelace"),
    ]
    assert all(account.has_password for account in accounts)
    assert "argon2" not in repr(accounts)
