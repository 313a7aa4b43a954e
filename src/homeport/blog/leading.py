"""Letting an address of the past lead to a place of now, as somebody writes it down."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from homeport.blog.actions import find_entry
from homeport.blog.models import Entry
from homeport.errors import InvalidError
from homeport.site.actions import add_redirect
from homeport.site.models import Redirect
from homeport.site.permalinks import is_reserved

LONGEST_PATH = 2000
MOST_STEPS = 10
"""More than browsers follow makes a page that cannot be reached."""


def lead_path(session: Session, path: str, target: str) -> None:
    """Let a path lead to a place as it is written, or to an entry by its slug, wherever that will live.

    Raises InvalidError, and NotFoundError when there is no such entry.
    """
    _check_path(session, path)
    if not target:
        raise InvalidError("write where it leads: a slug, a path or an address")
    if target.startswith(("/", "https://", "http://")) and not target.startswith(("//", "/\\")):
        _check_target(session, path, target)
        add_redirect(session, path, target=target)
    else:
        add_redirect(session, path, entry_id=find_entry(session, target).id)


def lead_to_entry(session: Session, entry: Entry, paths: Iterable[str]) -> None:
    """Let former addresses lead to an entry, but for the one that it has.

    Raises InvalidError for one that is not free to.
    """
    session.flush()
    for path in paths:
        if path != entry.path:
            _check_path(session, path)
            add_redirect(session, path, entry_id=entry.id)


def _check_path(session: Session, path: str) -> None:
    if is_reserved(path):
        raise InvalidError(f"{path} belongs to the site itself", hint="Old addresses of your own can be redirected.")
    if len(path) > LONGEST_PATH:
        raise InvalidError(f"the path is longer than {LONGEST_PATH} characters")
    if "?" in path or "#" in path:
        raise InvalidError(f"{path} is more than a path", hint="Leave out what begins with ? or #.")
    if session.scalars(select(Entry.id).where(Entry.path == path, Entry.deleted_at.is_(None))).first():
        raise InvalidError(
            f"an entry lives at {path}", hint="Give that entry another slug: then its old address leads on by itself."
        )


def _check_target(session: Session, path: str, target: str) -> None:
    if len(target) > LONGEST_PATH:
        raise InvalidError(f"the target is longer than {LONGEST_PATH} characters")
    following: str | None = target
    for _ in range(MOST_STEPS):
        if following is None or not following.startswith("/"):
            return
        following = urlsplit(following).path
        if following == path:
            raise InvalidError(f"{target} leads back to {path}", hint="Nobody would ever arrive.")
        following = session.scalars(select(Redirect.target).where(Redirect.path == following)).first()
    raise InvalidError(f"{target} leads on and on", hint="Let it lead to where that ends.")
