"""Two questions a machine asks: does this process answer, and can readers be served."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from homeport.errors import UnavailableError
from homeport.web.database import reader
from homeport.web.slots import kernel

blueprint = Blueprint("health", __name__)

_ASK = text("select 1")


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer from this process alone: no database, no disk."""
    return _plain({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """Answer 200 as soon as readers can be served; the body says whether the database is `up` or `away`."""
    try:
        reader().execute(_ASK)
    except (UnavailableError, DBAPIError):
        if kernel().has_stored_pages():
            return _plain({"status": "ready", "database": "away"})
        response = _plain({"status": "unavailable", "database": "away"})
        response.status_code = 503
        return response
    return _plain({"status": "ready", "database": "up"})


def _plain(body: dict[str, str]) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response
