"""People who are signed in."""

from itertools import count

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from homeport.accounts.models import Account, Author
from homeport.accounts.permissions import Member, permissions_of
from homeport.accounts.signins import find_member, open_sign_in
from homeport.web.crosssite import LOCAL_COOKIE

_numbers = count(1)


def make_account(session: Session, role: str = "owner", *, name: str = "") -> Account:
    """Store an account without a password; hashing one takes longer than most tests."""
    name = name or f"{role}{next(_numbers)}"
    author = Author(name=name.title(), slug=name)
    session.add(author)
    session.flush()
    account = Account(name=name, role=role, author_id=author.id)
    session.add(account)
    session.flush()
    return account


def sign_in(session: Session, client: FlaskClient, role: str = "owner", *, name: str = "") -> Member:
    """Make an account and let this browser be signed in with it, as on the author's own machine."""
    account = make_account(session, role, name=name)
    token = open_sign_in(session, account.id, method="password")
    client.set_cookie(LOCAL_COOKIE, token, domain="localhost")
    # As browsers do; a cookie without a word of where the request comes from is refused.
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    member = find_member(session.connection(), token)
    assert member is not None
    return member


def make_member(session: Session, role: str = "owner") -> Member:
    """Return a member without a browser, for actions and queries."""
    account = make_account(session, role)
    return Member(
        account_id=account.id,
        name=account.name,
        role=role,
        author_id=account.author_id,
        author_slug=account.name,
        display_name=account.name.title(),
        permissions=permissions_of(role),
    )
