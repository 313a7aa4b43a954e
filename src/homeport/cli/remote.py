"""A site elsewhere, asked through its API; every answer that is no success becomes one sentence."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from homeport.cli.context import Installation
from homeport.cli.tokens import token_for
from homeport.errors import (
    ConflictError,
    ForbiddenError,
    HomeportError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)
from homeport.net.client import Answered, send
from homeport.net.errors import AddressRefusedError
from homeport.values import is_origin

MOST_BYTES = 64 * 2**20
TIMEOUT_SECONDS = 120.0
API = "/api/v1"

KINDS: Mapping[int, type[HomeportError]] = {
    401: ForbiddenError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    410: NotFoundError,
    413: InvalidError,
    422: InvalidError,
    429: UnavailableError,
}


class RemoteConflictError(ConflictError):
    """The site has something else by now than what the change was made of."""


class InsecureSiteError(InvalidError):
    """The token would travel readably."""


@dataclass(frozen=True, slots=True)
class RemoteAnswer:
    """What a site has answered."""

    status: int
    etag: str
    data: bytes

    @property
    def json(self) -> Any:
        """Return the JSON in it."""
        return json.loads(self.data)


@dataclass(frozen=True, slots=True)
class RemoteSite:
    """A site, and the token that opens its API."""

    address: str
    token: str

    @classmethod
    def of(cls, installation: Installation) -> "RemoteSite":
        """Return the site that the command is about; raises InvalidError and TokenMissingError."""
        address = site_address(installation.site)
        return cls(address, token_for(address, installation.outside))

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        data: bytes | None = None,
        version: str = "",
    ) -> RemoteAnswer:
        """Ask the API; `body` goes as JSON, `data` as it is.

        Raises the HomeportError that says what is wrong; RemoteConflictError for a version that has passed.
        """
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"], data = "application/json", json.dumps(body).encode()
        elif data is not None:
            headers["Content-Type"] = "application/octet-stream"
        if version:
            headers["If-Match"] = version
        url = f"{self.address}{API}{quote(path)}" + (f"?{urlencode(query)}" if query else "")
        answered = self._send(method, url, headers, data)
        if answered.status >= 300:
            raise self._refusal(answered)
        return RemoteAnswer(answered.status, _header(answered, "ETag"), answered.data)

    def _send(self, method: str, url: str, headers: dict[str, str], data: bytes | None) -> Answered:
        is_plain = self.address.startswith("http://")
        try:
            return send(
                method,
                url,
                headers=headers,
                body=data,
                max_bytes=MOST_BYTES,
                timeout_seconds=TIMEOUT_SECONDS,
                # Whoever types an address means it; only a token in clear must not leave this machine.
                is_allowed=_is_here if is_plain else _is_anywhere,
            )
        except AddressRefusedError as error:
            raise InsecureSiteError(
                f"{self.address} is asked over plain http, where everybody on the way could read your token",
                hint="Write https:// instead.",
            ) from error

    def _refusal(self, answered: Answered) -> HomeportError:
        status, said = answered.status, _problem_in(answered)
        if 300 <= status < 400:
            place = urlsplit(_header(answered, "Location"))
            return InvalidError(
                f"{self.address} sends us on, and a token is not sent after it",
                hint=f"Try --site {place.scheme}://{place.netloc}" if place.netloc else "",
            )
        if said is None:
            words = "does not answer as a Homeport site does" if status < 500 else f"is in trouble (status {status})"
            return UnavailableError(f"{self.address} {words}.", hint="Look at its log, or at the address you typed.")
        detail = str(said.get("detail", "")).rstrip()
        if status in (412, 428):
            return RemoteConflictError(detail)
        if status == 401:
            return ForbiddenError(f"{self.address} does not take your token", hint="It may have expired: log in again.")
        faults = said.get("faults") or {}
        if faults:
            detail = "; ".join(f"{place}: {sentence}" for place, sentence in faults.items())
        return KINDS.get(status, UnavailableError)(f"{self.address} says: {detail}")


def site_address(written: str) -> str:
    """Return the address of a site as it was typed, with https:// if nothing is said.

    Raises InvalidError.
    """
    address = written.strip().rstrip("/")
    address = address if "://" in address else f"https://{address}"
    if not is_origin(address):
        raise InvalidError(f"{written!r} is not the address of a site", hint="Write one such as https://example.org.")
    return address.lower()


def _problem_in(answered: Answered) -> dict[str, Any] | None:
    """Return the problem document in an answer, None when somebody else than the API has answered."""
    if not _header(answered, "Content-Type").startswith("application/problem+json"):
        return None
    try:
        said = json.loads(answered.data)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _header(answered: Answered, name: str) -> str:
    return next((value for key, value in answered.headers.items() if key.lower() == name.lower()), "")


def _is_here(address: IPv4Address | IPv6Address, _port: int) -> bool:
    return address.is_loopback


def _is_anywhere(_address: IPv4Address | IPv6Address, _port: int) -> bool:
    return True
