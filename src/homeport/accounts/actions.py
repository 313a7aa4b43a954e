"""Every change to accounts and authors."""

import re

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from homeport.accounts.links import RESET, SETUP, withdraw_links
from homeport.accounts.models import ROLES, Account, Author
from homeport.accounts.passwords import check_password, hash_password
from homeport.accounts.signins import end_sign_ins
from homeport.db.model import table_of
from homeport.errors import ConflictError, InvalidError, NotFoundError
from homeport.text.slugs import slugify

ACCOUNT_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
LINK = re.compile(r"https?://[^/\s]|/(?!/)")

_AUTHOR = table_of(Author)
_FIND_AUTHOR = select(_AUTHOR.c.id).where(_AUTHOR.c.slug == bindparam("slug"))
_MAKE_AUTHOR = insert(_AUTHOR).on_conflict_do_nothing().returning(_AUTHOR.c.id)


class NameTakenError(ConflictError):
    """Another account has this name."""


class AuthorTakenError(ConflictError):
    """Another account already writes under this author's name."""


class AuthorNotFoundError(NotFoundError):
    """There is no author of this slug."""


class AccountNotFoundError(NotFoundError):
    """There is no account of this name."""


def create_account(
    session: Session, name: str, password: str, *, role: str = "author", display_name: str = ""
) -> Account:
    """Let somebody sign in as `name`; an imported author of that name becomes theirs.

    Raises InvalidError for a name, role or password that cannot be taken, NameTakenError and AuthorTakenError.
    """
    _check_name(name)
    check_role(role)
    check_password(password, name)
    author = find_or_create_author(session, display_name or name, slugify(name))
    if display_name:
        author.name = display_name
    account = Account(name=name, role=role, password_hash=hash_password(password), author_id=author.id)
    _insert(session, account)
    # Whoever held the link to set up the site must not become a second owner of it.
    withdraw_links(session, SETUP)
    return account


def check_role(role: str) -> None:
    """Refuse a role nobody knows.

    Raises InvalidError.
    """
    if role not in ROLES:
        raise InvalidError(f"{role!r} is not a role", hint=f"The roles are {', '.join(ROLES)}.")


def reset_password(session: Session, name: str, password: str, *, but: int | None = None) -> Account:
    """Give the account a new password; what was signed in with the old one is signed out, all `but` one.

    Raises AccountNotFoundError, and InvalidError for a password that cannot be taken.
    """
    account = session.execute(select(Account).where(Account.name == name)).scalar_one_or_none()
    if account is None:
        raise AccountNotFoundError(f"there is no account {name!r}", hint="`homeport user list` shows the accounts.")
    check_password(password, name)
    account.password_hash = hash_password(password)
    end_sign_ins(session, account.id, but=but)
    withdraw_links(session, RESET, account_id=account.id)
    session.flush()
    return account


def find_or_create_author(session: Session, name: str, slug: str = "") -> Author:
    """Return the author known by `slug`, or by the slug of `name`, and make one where there is none.

    Raises InvalidError when the name has no letter or digit to make an address of.
    """
    # What is still only in the session has to be found, too.
    session.flush()
    return session.get_one(Author, author_number(session, name, slug))


def author_number(session: Session, name: str, slug: str = "") -> int:
    """Return the number of that author without loading the rest: an import asks for hundreds."""
    slug = slug or slugify(name)
    if not slug:
        raise InvalidError(f"{name!r} is not a name: it has no letter or digit")
    # Two imports at the same time may meet here; whoever comes second finds the first one's row.
    made = session.execute(_MAKE_AUTHOR, {"name": name.strip(), "slug": slug}).scalar_one_or_none()
    number: int = made or session.execute(_FIND_AUTHOR, {"slug": slug}).scalar_one()
    return number


def describe_author(session: Session, slug: str, **changes: str | None) -> Author:
    """Change an author's name, bio, url or image_path; what is None stays.

    Raises AuthorNotFoundError, and InvalidError for an empty name or a url that leads nowhere.
    """
    author = session.scalars(select(Author).where(Author.slug == slug)).one_or_none()
    if author is None:
        raise AuthorNotFoundError(f"there is no author {slug!r}", hint="`homeport author list` shows the authors.")
    for name, value in changes.items():
        if value is not None:
            setattr(author, name, _checked(name, value.strip()))
    session.flush()
    return author


def _checked(field: str, value: str) -> str:
    if field == "name" and not value:
        raise InvalidError("an author needs a name")
    if field in ("url", "image_path") and value and not LINK.match(value):
        raise InvalidError(f"{value!r} is neither a path of this site nor an http address")
    return value


def _check_name(name: str) -> None:
    if not ACCOUNT_NAME.fullmatch(name):
        raise InvalidError(
            f"{name!r} cannot be an account's name",
            hint="Write up to 64 small letters, digits, dots, hyphens and underscores, such as maria or j.doe.",
        )


def _insert(session: Session, account: Account) -> None:
    """Insert in a savepoint, so that a refusal leaves the caller's transaction usable."""
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise _refusal(session, error, account.name) from error


def _refusal(session: Session, error: IntegrityError, name: str) -> Exception:
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", "")
    # Whoever takes a name takes its author too, and the database reports only the first of the two.
    if constraint in ("uq_account_name", "uq_account_author_id") and _is_taken(session, name):
        return NameTakenError(f"the name {name!r} is taken", hint="`homeport user list` shows the accounts.")
    if constraint == "uq_account_author_id":
        return AuthorTakenError(f"another account already writes as {name!r}", hint="Choose another name.")
    return error


def _is_taken(session: Session, name: str) -> bool:
    return session.scalars(select(Account.id).where(Account.name == name)).first() is not None
