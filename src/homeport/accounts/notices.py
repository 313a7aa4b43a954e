"""Where an account is told by mail of what happens on the site; nobody signs in by it, and readers never see it."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from homeport.accounts.actions import AccountNotFoundError
from homeport.accounts.models import Account
from homeport.mail.addresses import check_address
from homeport.mail.queue import send_later
from homeport.settings import Settings

SUBJECT = "Your site can reach you"
TEXT = """This is where your site will tell you about new comments.

It has been sent because somebody has entered this address at {address}. If that was not you, somebody has
mistyped their own; you need do nothing.
"""


def address_of(session: Session, account_id: int) -> str:
    """Return where an account is told by mail, or nothing."""
    return session.scalars(select(Account.email).where(Account.id == account_id)).one()


def tell_by_mail(session: Session, settings: Settings, name: str, email: str, *, site_address: str) -> bool:
    """Tell the account `name` at this address from now on, or nowhere when it is empty; a first letter tries it.

    Return whether a letter is on its way: without a mail server none is. Raises MailAddressError and
    AccountNotFoundError.
    """
    if email:
        check_address(email)
    changed = session.execute(update(Account).where(Account.name == name).values(email=email).returning(Account.id))
    if changed.scalar_one_or_none() is None:
        raise AccountNotFoundError(f"there is no account {name!r}", hint="`homeport user list` shows the accounts.")
    if not email:
        return False
    return send_later(session, settings, to=email, subject=SUBJECT, text=TEXT.format(address=site_address))
