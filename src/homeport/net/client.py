"""The one way out: HTTP to servers that nobody here vouches for, bounded in time, bytes, hops and in where it leads."""

import http.client
import io
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import BaseHTTPResponse

from homeport import __version__
from homeport.net.addresses import Guard, is_public, resolve
from homeport.net.deadline import Deadline
from homeport.net.errors import (
    AnswerTooLargeError,
    FetchTimeoutError,
    HostUnavailableError,
    UrlRefusedError,
)

USER_AGENT = f"Homeport/{__version__}"
MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CONNECT_TIMEOUT_SECONDS = 5.0
READ_TIMEOUT_SECONDS = 10.0
CHUNK_BYTES = 64 * 1024
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: where it came from in the end, and what it says it is."""

    url: str
    status: int
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What a server says to something that was sent to it."""

    status: int
    headers: Mapping[str, str]
    data: bytes


@dataclass(frozen=True, slots=True)
class _Place:
    """An address taken apart: whom to connect to, and what to ask for there."""

    scheme: str
    host: str
    port: int
    target: str


def fetch(
    url: str,
    *,
    max_bytes: int,
    timeout_seconds: float = 20.0,
    accept: str = "*/*",
    is_allowed: Guard = is_public,
) -> Fetched:
    """Return what an address answers, redirects followed and each hop checked anew; 404 and the like are answers too.

    Raises UrlRefusedError, AddressRefusedError, HostUnavailableError, FetchTimeoutError or AnswerTooLargeError.
    """
    with Deadline(timeout_seconds) as deadline:
        for _hop in range(MAX_REDIRECTS + 1):
            place = _take_apart(url)
            try:
                answer, location = _ask(url, place, max_bytes, accept, is_allowed, deadline)
            except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
                raise _explained(error, place.host, timeout_seconds, deadline) from error
            if deadline.is_over:
                raise FetchTimeoutError(f"{place.host} took longer than {timeout_seconds:g} seconds.")
            if not location:
                return answer
            url = urljoin(url, location)
    raise HostUnavailableError(f"{place.host} redirects more than {MAX_REDIRECTS} times.")


def send(  # noqa: PLR0913 - what a request consists of
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | IO[bytes] | None = None,
    max_bytes: int,
    timeout_seconds: float,
    is_allowed: Guard = is_public,
    into: IO[bytes] | None = None,
) -> Answered:
    """Send something to an address and return what it answers; a redirect is an answer, so that nothing is sent on.

    A file is sent as it is read, and needs a `Content-Length`. With `into`, the body of a 200 is written there as it
    arrives, and not returned. Raises the same errors as `fetch`.
    """
    with Deadline(timeout_seconds) as deadline:
        place = _take_apart(url)
        try:
            with _response(place, method, headers, body, is_allowed, deadline) as response:
                data = b""
                if into is not None and response.status == http.client.OK:
                    _write(response, max_bytes, place.host, into)
                else:
                    data = _read(response, max_bytes, place.host)
                return Answered(response.status, dict(response.headers), data)
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
            raise _explained(error, place.host, timeout_seconds, deadline) from error


def _take_apart(url: str) -> _Place:
    """Read an address strictly; names outside ASCII go out in their DNS form."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
        target = urllib3.util.parse_url(f"http://host{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")
    except (ValueError, urllib3.exceptions.LocationParseError) as error:
        raise UrlRefusedError(f"{url!r} is not a web address.") from error
    if parts.scheme not in DEFAULT_PORTS or not host:
        raise UrlRefusedError(f"{url!r} is not a web address: it does not begin with http:// or https:// and a host.")
    if parts.username is not None or parts.password is not None:
        raise UrlRefusedError("an address with a password in it is not asked.")
    return _Place(parts.scheme, host, port, target.request_uri)


def _ask(
    url: str, place: _Place, max_bytes: int, accept: str, is_allowed: Guard, deadline: Deadline
) -> tuple[Fetched, str]:
    with _response(place, "GET", {"Accept": accept}, None, is_allowed, deadline) as response:
        location = response.headers.get("Location", "") if response.status in REDIRECTS else ""
        data = b"" if location else _read(response, max_bytes, place.host)
        return Fetched(url, response.status, response.headers.get("Content-Type", ""), data), location


@contextmanager
def _response(
    place: _Place,
    method: str,
    headers: Mapping[str, str],
    body: bytes | IO[bytes] | None,
    is_allowed: Guard,
    deadline: Deadline,
) -> Iterator[BaseHTTPResponse]:
    timeout_seconds = min(CONNECT_TIMEOUT_SECONDS, deadline.remaining_seconds)
    addresses = resolve(place.host, place.port, is_allowed=is_allowed, timeout_seconds=timeout_seconds)
    connection = _connection(place, addresses, deadline)
    try:
        ours = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Connection": "close"}
        connection.request(method, place.target, body=body, headers={**ours, **headers}, preload_content=False)
        with closing(connection.getresponse()) as response:
            yield response
    finally:
        connection.close()


def _read(response: BaseHTTPResponse, max_bytes: int, host: str) -> bytes:
    """Read the body up to the limit."""
    collected = io.BytesIO()
    _write(response, max_bytes, host, collected)
    return collected.getvalue()


def _write(response: BaseHTTPResponse, max_bytes: int, host: str, target: IO[bytes]) -> None:
    """Write the body up to the limit, counted as it is after unpacking: a few kilobytes may unpack to gigabytes."""
    too_large = AnswerTooLargeError(f"{host} sends more than {max_bytes:,} bytes.")
    if (response.length_remaining or 0) > max_bytes:
        raise too_large
    size = 0
    while chunk := response.read(CHUNK_BYTES, decode_content=True):
        size += len(chunk)
        if size > max_bytes:
            raise too_large
        target.write(chunk)


def _connection(place: _Place, addresses: tuple[str, ...], deadline: Deadline) -> HTTPConnection:
    options: dict[str, Any] = {"timeout": min(READ_TIMEOUT_SECONDS, deadline.remaining_seconds)}
    if place.scheme == "https":
        return _PinnedHTTPSConnection(place.host, place.port, addresses, deadline, cert_reqs="CERT_REQUIRED", **options)
    return _PinnedHTTPConnection(place.host, place.port, addresses, deadline, **options)


class _PinnedHTTPConnection(HTTPConnection):
    """Connects to addresses that were judged, while the name stays in the Host header and in TLS.

    Nothing is looked up a second time, so a name that answers differently the next moment changes nothing.
    """

    def __init__(self, host: str, port: int, addresses: tuple[str, ...], deadline: Deadline, **options: Any) -> None:
        super().__init__(host, port, **options)
        self._addresses = addresses
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        failure: OSError = OSError("no address")
        for address in self._addresses:
            timeout_seconds = min(CONNECT_TIMEOUT_SECONDS, self._deadline.remaining_seconds)
            try:
                connected = socket.create_connection((address, self.port), timeout_seconds)
            except OSError as error:
                failure = error
                continue
            connected.settimeout(min(READ_TIMEOUT_SECONDS, self._deadline.remaining_seconds))
            self._deadline.watch(connected)
            return connected
        raise failure


class _PinnedHTTPSConnection(_PinnedHTTPConnection, HTTPSConnection):
    """The same with TLS, verified against the name and the system's authorities."""


def _explained(
    error: Exception, host: str, timeout_seconds: float, deadline: Deadline
) -> FetchTimeoutError | HostUnavailableError:
    if deadline.is_over:
        return FetchTimeoutError(f"{host} took longer than {timeout_seconds:g} seconds.")
    if isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
        return FetchTimeoutError(f"{host} does not answer in time.")
    return HostUnavailableError(f"{host} cannot be asked: {str(error) or type(error).__name__}.")
