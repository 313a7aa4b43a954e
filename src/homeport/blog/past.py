"""What an address answers where nothing lives now: on to the new place, gone, or not found."""

from flask import redirect
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from homeport.blog.queries import find_past
from homeport.errors import GoneError, NotFoundError

MOVED = 301


def lead_on(connection: Connection, path: str, *, suffix: str = "") -> Response:
    """Redirect to where the thing at `path` lives now, with `suffix` (a feed's name, say) put behind its new path.

    Raises GoneError or NotFoundError when it leads nowhere.
    """
    past = find_past(connection, path)
    if past.target:
        return redirect(past.target + suffix, MOVED)
    if past.is_gone:
        raise GoneError(f"{path} has been taken away")
    raise NotFoundError(f"there is nothing at {path}")
