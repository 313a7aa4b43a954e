"""Every public address exists once: the same with slashes to spare leads to the one without."""

import re
from urllib.parse import quote

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

MOVED = 301

_SLASHES = re.compile("/{2,}")
_PATH_SAFE = "/:@!$&'()*+,;=~"
_QUERY_SAFE = f"{_PATH_SAFE}?%"


def init_app(app: Flask) -> None:
    """Redirect what has a final slash on a fixed route, or doubled ones anywhere."""

    @app.before_request
    def settle() -> Response | None:
        if request.method not in ("GET", "HEAD"):
            return None
        path = _SLASHES.sub("/", request.path)
        if len(path) > 1 and _is_fixed():
            path = path.removesuffix("/")
        # Flask's own path has lost its leading slashes but one.
        is_settled = path == request.path and not request.environ["PATH_INFO"].startswith("//")
        return None if is_settled else moved_to(path)


def moved_to(path: str) -> Response:
    """Return a lasting redirect to a path of this site that keeps the request's query string."""
    query = quote(request.query_string, safe=_QUERY_SAFE)
    return redirect(quote(path, safe=_PATH_SAFE) + (f"?{query}" if query else ""), MOVED)


def _is_fixed() -> bool:
    """Tell whether the route is more than "any path": entries choose whether theirs ends with a slash."""
    return request.url_rule is not None and "<path:" not in request.url_rule.rule
