"""Refused forms: the page again with what was typed, a sentence about what is wrong, and the status that says so."""

from flask import Response, make_response

from homeport.errors import HomeportError, TooManyRequestsError
from homeport.web.errors import STATUS


def in_a_sentence(error: HomeportError) -> str:
    """Return what is wrong, and what to do about it, as a page says it."""
    message = str(error).rstrip(".")
    return f"{message[:1].upper()}{message[1:]}. {error.hint}".strip()


def refused(page: str, error: HomeportError) -> Response:
    """Return the page as the answer to a form that could not be taken; nothing of the form is kept."""
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
    answer = make_response(page, status)
    if isinstance(error, TooManyRequestsError):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer
