"""The one table from what went wrong to what the reader is told, as a page or as JSON."""

import logging

from flask import Flask, Response, current_app, g, jsonify, make_response, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from homeport.errors import (
    ConflictError,
    ForbiddenError,
    GoneError,
    HomeportError,
    InvalidError,
    NotFoundError,
    TooManyRequestsError,
    UnauthorisedError,
    UnavailableError,
)
from homeport.logs import request_id
from homeport.web.meta import PageMeta
from homeport.web.problems import is_program, problem
from homeport.web.slots import kernel
from homeport.web.studio import render_studio
from homeport.web.templating import render_page

log = logging.getLogger("homeport.errors")

STATUS: tuple[tuple[type[HomeportError], int], ...] = (
    (NotFoundError, 404),
    (GoneError, 410),
    (UnauthorisedError, 401),
    (ForbiddenError, 403),
    (ConflictError, 409),
    (InvalidError, 422),
    (TooManyRequestsError, 429),
    (UnavailableError, 503),
)

WORDS = {
    400: ("Bad request", "The address or the form could not be read."),
    401: ("Sign in first", "This is for those who write here."),
    403: ("Not allowed", "This is not for everybody."),
    404: ("Not found", "There is nothing at this address. It may have been mistyped."),
    405: ("Not possible here", "This address does not take that kind of request."),
    409: ("Conflict", "Somebody else changed this at the same time."),
    410: ("Gone", "What was here has been taken away on purpose."),
    412: ("Changed meanwhile", "What this is about is not what it was any more."),
    413: ("Too large", "That is more than this site accepts at once."),
    415: ("Unknown kind", "This address does not take content of that kind."),
    422: ("Not valid", "Something in the form needs another look."),
    428: ("Which version", "Say which version this is about."),
    429: ("Too often", "Please wait a little before you try that again."),
    500: ("Something broke", "The fault is on this side and has been written down."),
    503: ("Back in a moment", "The site is being looked after. Please try again shortly."),
}

RETRY_AFTER_SECONDS = 5

TOLD = frozenset({401, 403, 409, 422, 429})
"""Where the error's own words help whoever asked; elsewhere they could tell a stranger what is not theirs to know."""


def init_app(app: Flask) -> None:
    """Answer every kind of error with its status, as HTML or as JSON."""
    app.register_error_handler(HomeportError, _domain)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def answer_error(error: Exception) -> Response:
    """Answer an error as every page does, for a handler of one feature that had nothing better to say."""
    if isinstance(error, HomeportError):
        return _domain(error)
    if isinstance(error, DBAPIError):
        return _database(error)
    return _http(error) if isinstance(error, HTTPException) else _unexpected(error)


def is_database_away(error: BaseException | None) -> bool:
    """Say whether an error means that the database cannot be reached, and not that something else is wrong."""
    if isinstance(error, UnavailableError):
        return True
    is_of_connection = type(error).__name__ in ("OperationalError", "InterfaceError")
    return isinstance(error, DBAPIError) and (error.connection_invalidated or is_of_connection)


def _domain(error: HomeportError) -> Response:
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
    if status >= 500:
        log.warning("%s", error, extra={"hint": error.hint} if error.hint else {})
    response = answer(status, sentence_of(error) if status in TOLD else "")
    if isinstance(error, TooManyRequestsError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def sentence_of(error: HomeportError) -> str:
    """Return what an error says, as a sentence, with what can be done about it."""
    message = str(error)
    sentence = message[:1].upper() + message[1:]
    return f"{sentence.removesuffix('.')}. {error.hint}" if error.hint else sentence


def _database(error: DBAPIError) -> Response:
    if is_database_away(error):
        log.warning("the database went away: %s", str(error.orig).strip())
        return answer(503)
    return _unexpected(error)


def _http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = answer(error.code)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        # RFC 9110, section 15.5.6: a 405 says what would be allowed.
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _unexpected(error: Exception) -> Response:
    if current_app.config["PROPAGATE_EXCEPTIONS"]:
        raise error
    log.error("unexpected error", exc_info=error)
    return answer(500)


def answer(status: int, message: str = "") -> Response:
    """Return the error page for a status, or the same as JSON to who asked for JSON."""
    title, words = WORDS.get(status, ("Error", "This did not work."))
    message = message or words
    if is_program():
        response = problem(status, title, message)
    elif request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        response = jsonify({"error": title, "message": message, "request_id": request_id.get()})
    else:
        response = make_response(_page(status, title, message))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store" if status >= 500 else "no-cache"
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _page(status: int, title: str, message: str) -> str:
    if _is_in_studio() and status == 503 and request.mimetype == "application/x-www-form-urlencoded":
        return _form_again()
    page = PageMeta(title=title, path=request.path, is_indexed=False)
    site = None
    if status < 500:
        try:
            if _is_in_studio() and g.get("member"):
                return render_studio("web/studio_error.html", title=title, message=message)
            site = kernel().current_site()
        except (UnavailableError, DBAPIError):
            log.warning("the error page is shown without the site's settings: the database is away")
    return render_page("web/error.html", site=site, page=page, status=status, title=title, message=message)


def _is_in_studio() -> bool:
    """Say whether an address is one of the studio's; what is typed elsewhere may be a password."""
    return request.path.startswith("/studio/")


def _form_again() -> str:
    """Return what somebody has sent, made without the database, to be sent again."""
    template = current_app.jinja_env.get_template("web/studio_away.html")
    return template.render(path=request.full_path.rstrip("?"), typed=list(request.form.items(multi=True)))
