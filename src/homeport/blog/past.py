"""What an address answers where nothing lives now: on to the new place, gone, or not found."""

from flask import redirect
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from homeport.blog.queries import find_path, find_series_path, find_tag_path
from homeport.errors import GoneError, NotFoundError
from homeport.site.queries import Past, find_past

MOVED = 301


def lead_on(connection: Connection, path: str, *, suffix: str = "") -> Response:
    """Redirect to where the thing at `path` lives now, with `suffix` (a feed's name, say) put behind its new path.

    Raises GoneError or NotFoundError when it leads nowhere.
    """
    past = find_past(connection, path)
    to = _where(connection, past)
    if to:
        return redirect(to + suffix, MOVED)
    if past.is_gone:
        raise GoneError(f"{path} has been taken away")
    raise NotFoundError(f"there is nothing at {path}")


def _where(connection: Connection, past: Past) -> str | None:
    if past.target:
        return past.target
    if past.entry_id:
        return find_path(connection, entry_id=past.entry_id)
    if past.tag_id:
        return find_tag_path(connection, past.tag_id)
    if past.series_id:
        return find_series_path(connection, past.series_id)
    return find_path(connection, slugs=past.old_slugs) if past.old_slugs else None
