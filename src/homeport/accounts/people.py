"""What owners decide about people: their roles, whether they may sign in, and who is asked to join."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from homeport.accounts.actions import AccountNotFoundError, check_role
from homeport.accounts.links import HOUR, INVITATION, RESET, WEEK, make_link, withdraw_links
from homeport.accounts.models import Account
from homeport.accounts.secondfactor import switch_off
from homeport.accounts.signins import end_sign_ins
from homeport.errors import ConflictError, InvalidError

OWNER = "owner"
LONGEST_NOTE = 100


class LastOwnerError(ConflictError):
    """Without this owner nobody could run the site."""


def find_account(session: Session, name: str) -> Account:
    """Return the account of a name for a change.

    Raises AccountNotFoundError.
    """
    account = session.scalars(select(Account).where(Account.name == name).with_for_update()).one_or_none()
    if account is None:
        raise AccountNotFoundError(f"there is no account {name!r}", hint="`homeport user list` shows the accounts.")
    return account


def change_role(session: Session, name: str, role: str) -> str:
    """Give an account another role and return the one it had; it counts from the next request on.

    Raises AccountNotFoundError, InvalidError for a role nobody knows, LastOwnerError.
    """
    check_role(role)
    if role != OWNER:
        _keep_an_owner(session, name)
    account = find_account(session, name)
    before, account.role = account.role, role
    session.flush()
    return before


def disable_account(session: Session, name: str) -> bool:
    """Let nobody sign in as this account, end where it is signed in, and say whether that is new.

    Raises AccountNotFoundError, LastOwnerError.
    """
    _keep_an_owner(session, name)
    account = find_account(session, name)
    was_active, account.is_active = account.is_active, False
    end_sign_ins(session, account.id)
    withdraw_links(session, RESET, account_id=account.id)
    session.flush()
    return was_active


def enable_account(session: Session, name: str) -> bool:
    """Let somebody sign in as this account again, and say whether that is new.

    Raises AccountNotFoundError.
    """
    account = find_account(session, name)
    was_active, account.is_active = account.is_active, True
    session.flush()
    return not was_active


def invite(session: Session, role: str, note: str = "") -> str:
    """Return the path of a link that lets its holder join with a role; the note tells invitations apart.

    Raises InvalidError for a role nobody knows, or a note that is too long.
    """
    check_role(role)
    if len(note) > LONGEST_NOTE:
        raise InvalidError(f"a note has at most {LONGEST_NOTE} characters")
    return make_link(session, INVITATION, life=WEEK, role=role, note=note)


def make_reset_link(session: Session, name: str) -> str:
    """Return the path of a link to a new password; former ones for the account open nothing any more.

    Raises AccountNotFoundError, and ConflictError for an account that is switched off.
    """
    account = find_account(session, name)
    if not account.is_active:
        raise ConflictError(f"{name} is switched off", hint=f"`homeport user enable {name}` lets them sign in again.")
    withdraw_links(session, RESET, account_id=account.id)
    return make_link(session, RESET, life=HOUR, account_id=account.id)


def forget_codes(session: Session, name: str) -> None:
    """Ask an account for no one-time code any more, because its phone is lost.

    Raises AccountNotFoundError.
    """
    switch_off(session, find_account(session, name).id)


def _keep_an_owner(session: Session, name: str) -> None:
    """Refuse to go on if `name` is the only owner; two owners who step down at once wait for each other."""
    owners = select(Account.name).where(Account.role == OWNER, Account.is_active).order_by(Account.id).with_for_update()
    if list(session.scalars(owners)) == [name]:
        raise LastOwnerError(f"{name} is the last owner of this site", hint="Make somebody else an owner first.")
