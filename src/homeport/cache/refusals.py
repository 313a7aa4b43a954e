"""The answers to what is no request at all: the application, which gives all other answers, never hears of it."""

from http import HTTPStatus

from gunicorn.http.errors import (
    ExpectationFailed,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)

_HEADERS = (
    "Content-Type: text/plain; charset=utf-8",
    "Content-Security-Policy: default-src 'none'",
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: no-referrer",
    "Cache-Control: no-store",
    "Connection: close",
)
_STATUSES: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (LimitRequestLine, HTTPStatus.REQUEST_URI_TOO_LONG),
    (LimitRequestHeaders, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    (UnsupportedTransferCoding, HTTPStatus.NOT_IMPLEMENTED),
    (ExpectationFailed, HTTPStatus.EXPECTATION_FAILED),
    # Headers of the application that cannot be sent are not the client's fault.
    (InvalidResponseHeader, HTTPStatus.INTERNAL_SERVER_ERROR),
    (InvalidResponseHeaderName, HTTPStatus.INTERNAL_SERVER_ERROR),
    (ParseException, HTTPStatus.BAD_REQUEST),
)


def status_of(error: BaseException) -> HTTPStatus:
    """Return the status that tells the client of this error."""
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)


def refusal(status: HTTPStatus) -> bytes:
    """Return the whole answer; it says nothing that the client has said."""
    body = f"{status.value} {status.phrase}\n"
    lines = (f"HTTP/1.1 {status.value} {status.phrase}", *_HEADERS, f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
