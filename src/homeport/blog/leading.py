"""Letting an address of the past lead to a place of now, as somebody writes it down."""

from sqlalchemy.orm import Session

from homeport.blog.actions import find_entry
from homeport.errors import InvalidError
from homeport.site.actions import add_redirect
from homeport.site.permalinks import is_reserved


def lead_path(session: Session, path: str, target: str) -> None:
    """Let a path lead to a place as it is written, or to an entry by its slug, wherever that will live.

    Raises InvalidError, and NotFoundError when there is no such entry.
    """
    if is_reserved(path):
        raise InvalidError(f"{path} belongs to the site itself")
    if not target:
        raise InvalidError("write where it leads: a slug, a path or an address")
    if target.startswith(("/", "https://", "http://")) and not target.startswith(("//", "/\\")):
        add_redirect(session, path, target=target)
    else:
        add_redirect(session, path, entry_id=find_entry(session, target).id)
