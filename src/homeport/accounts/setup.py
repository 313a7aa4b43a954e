"""The first minute: a link that only who reads the terminal or the log knows, and the owner it makes."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, exists, select
from sqlalchemy.orm import Session

from homeport.accounts.links import DAY, SETUP, Link, LinkGoneError, find_link, make_link, use_link, withdraw_links
from homeport.accounts.models import Account
from homeport.db.session import Database
from homeport.errors import ConflictError
from homeport.ops.announcement import PREFIX

if TYPE_CHECKING:
    from homeport.accounts.newcomers import Newcomer

log = logging.getLogger("homeport.setup")
# Whoever wants to hear of warnings only still has to get in.
log.setLevel(logging.INFO)


class AlreadySetUpError(ConflictError):
    """Somebody owns this site, so nobody else can set it up."""


def has_accounts(connection: Connection | Session) -> bool:
    """Say whether anybody may sign in."""
    return bool(connection.execute(select(exists().where(Account.id.is_not(None)))).scalar_one())


def make_setup_link(session: Session, *, life: timedelta) -> str:
    """Return the path of a new setup link; the former ones open nothing any more.

    Raises AlreadySetUpError.
    """
    if has_accounts(session):
        raise AlreadySetUpError(
            "this site has been set up", hint="`homeport user reset NAME --link` lets somebody back in."
        )
    withdraw_links(session, SETUP)
    return make_link(session, SETUP, life=life)


def announce_setup(database: Database, address: str) -> None:
    """Tell whoever reads the log where to set up the site, as long as nobody can sign in to it.

    Raises UnavailableError.
    """
    with database.transaction() as session:
        path = "" if has_accounts(session) else make_setup_link(session, life=DAY)
    if path:
        log.info("%s%s%s", PREFIX, address, path)


def find_setup_link(connection: Connection, token: str) -> Link:
    """Return the setup link of a token.

    Raises LinkGoneError, for every token once there is an account.
    """
    if has_accounts(connection):
        raise LinkGoneError("this site has been set up")
    return find_link(connection, SETUP, token)


def claim_site(session: Session, token: str, newcomer: "Newcomer") -> Account:
    """Make who holds the setup link the site's owner; every setup link opens nothing from then on.

    Raises LinkGoneError, and what `admit` raises.
    """
    # Every start asks this module whether the site is set up, and waits for what it imports.
    from homeport.accounts.newcomers import admit  # noqa: PLC0415

    use_link(session, SETUP, token)
    if has_accounts(session):
        raise LinkGoneError("this site has been set up")
    return admit(session, newcomer, role="owner")
