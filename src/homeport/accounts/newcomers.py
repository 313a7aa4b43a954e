"""People who come with a link: what they chose becomes an account, passkey included."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from homeport.accounts.actions import create_account
from homeport.accounts.links import INVITATION, use_link
from homeport.accounts.models import Account
from homeport.accounts.passkeys import NewPasskey, add_passkey
from homeport.text.slugs import slugify

LONGEST_ACCOUNT_NAME = 64


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is about to get an account, and how they will prove that it is theirs."""

    account_name: str
    display_name: str
    password: str
    passkey: NewPasskey | None = None
    passkey_name: str = ""
    handle: UUID | None = None


def join(session: Session, token: str, newcomer: Newcomer) -> Account:
    """Give who holds an invitation the account and the role that it promises.

    Raises LinkGoneError, and what `admit` raises.
    """
    return admit(session, newcomer, role=use_link(session, INVITATION, token).role)


def admit(session: Session, newcomer: Newcomer, *, role: str) -> Account:
    """Give a newcomer an account, and the passkey that was made with it.

    Raises InvalidError, NameTakenError, AuthorTakenError, PasskeyTakenError.
    """
    account = create_account(
        session,
        newcomer.account_name or account_name_of(newcomer.display_name),
        newcomer.password,
        role=role,
        display_name=newcomer.display_name,
    )
    if newcomer.passkey is not None and newcomer.handle is not None:
        account.handle = newcomer.handle
        session.flush()
        add_passkey(session, account.id, newcomer.passkey, newcomer.passkey_name)
    return account


def account_name_of(display_name: str) -> str:
    """Return the name to sign in with that a person's name suggests."""
    return slugify(display_name)[:LONGEST_ACCOUNT_NAME].strip("-")
