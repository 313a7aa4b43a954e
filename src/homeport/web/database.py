"""The database as requests see it: opened on first use, committed in one place, closed at the end."""

import time
from contextlib import ExitStack

from flask import Flask, Response, g
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from homeport.errors import UnavailableError
from homeport.web.slots import Kernel, kernel

RETRY_SECONDS = 1.0
"""How often a process that found no usable schema at its start looks again."""


def init_app(app: Flask) -> None:
    """Commit or roll back after the view, and close at the end of the request."""
    app.after_request(_finish)
    app.teardown_appcontext(_close)


def reader() -> Connection:
    """Return this request's connection for reading.

    Raises UnavailableError when the database is away.
    """
    if "reader" not in g:
        _require_schema(kernel())
        g.reader_stack = ExitStack()
        g.reader = g.reader_stack.enter_context(kernel().database.reader())
    connection: Connection = g.reader
    return connection


def session() -> Session:
    """Return this request's session for changes; whoever uses it leaves the commit to the end of the request.

    Raises UnavailableError when the database is away.
    """
    if "session" not in g:
        _require_schema(kernel())
        g.session = kernel().database.new_session()
    found: Session = g.session
    return found


def _finish(response: Response) -> Response:
    """Commit after a view that succeeded. Runs again for an error page, hence the look at the status."""
    changes: Session | None = g.get("session")
    if changes is None:
        return response
    if response.status_code < 400:
        changes.commit()
    else:
        changes.rollback()
    return response


def _close(_error: BaseException | None) -> None:
    changes: Session | None = g.pop("session", None)
    if changes is not None:
        changes.close()
    g.pop("reader", None)
    stack: ExitStack | None = g.pop("reader_stack", None)
    if stack is not None:
        stack.close()


def _require_schema(kernel: Kernel) -> None:
    """Bring the schema up to date if the database was away when this process started, and fail at once if it is now."""
    if kernel.is_cut_off():
        raise UnavailableError("the database does not answer")
    if kernel.is_schema_ready:
        return
    now = time.monotonic()
    if now - kernel.schema_tried_at < RETRY_SECONDS:
        raise UnavailableError("the database is away")
    kernel.schema_tried_at = now
    try:
        kernel.prepare_schema(kernel.database.engine)
    except DBAPIError as error:
        raise UnavailableError("the database is away", hint=str(error.orig).strip()) from error
    kernel.is_schema_ready = True
