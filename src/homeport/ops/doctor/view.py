"""One way to the site, as a visitor takes it: whom to connect to, what to ask for, and everything that came back."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from homeport.errors import UnavailableError
from homeport.net.deadline import Deadline

TIMEOUT_SECONDS = 10.0
LONGEST_BODY_BYTES = 4 * 1024 * 1024
DEFAULT_PORTS = {"http": 80, "https": 443}


class NoAnswerError(UnavailableError):
    """Nobody answers where the site should be."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, its body as it came over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a header."""
        return tuple(value for each, value in self.headers if each.lower() == name.lower())

    def header(self, name: str) -> str:
        """Return a header, its values joined; empty when it is missing."""
        return ", ".join(self.all(name))


@dataclass(frozen=True, slots=True)
class View:
    """A name, and where it is asked for; `address` is for whoever does not reach what the DNS says."""

    scheme: str
    name: str
    port: int
    address: str = ""

    @classmethod
    def of(cls, url: str, *, address: str = "", port: int = 0) -> "View":
        """Return the view of a site's address; `port` is where that is found, if it is not where the address says."""
        parts = urlsplit(url)
        name = parts.hostname or ""
        return cls(parts.scheme, name, port or parts.port or DEFAULT_PORTS.get(parts.scheme, 80), address)

    @property
    def where(self) -> str:
        """What people call it."""
        host = f"[{self.name}]" if ":" in self.name else self.name
        return f"{self.scheme}://{host}" + ("" if self.port == DEFAULT_PORTS.get(self.scheme) else f":{self.port}")

    def ask(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Return the answer to a GET, whatever certificate is served; raises NoAnswerError."""
        try:
            return self._exchange(path, headers or {})
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise NoAnswerError(f"{self.where}{path} does not answer ({reason.lower()})") from error

    def _exchange(self, path: str, headers: Mapping[str, str]) -> Reply:
        place = (self.address or self.name, self.port)
        with Deadline(TIMEOUT_SECONDS) as deadline, socket.create_connection(place, TIMEOUT_SECONDS) as plain:
            deadline.watch(plain)
            connection = http.client.HTTPConnection(self.name, self.port)
            connection.sock = _encrypted(plain, self.name) if self.scheme == "https" else plain
            try:
                ours = {"Host": self.where.partition("//")[2], "User-Agent": "Homeport doctor", "Connection": "close"}
                connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
                for name, value in {**ours, **headers}.items():
                    connection.putheader(name, value)
                connection.endheaders()
                answer = connection.getresponse()
                return Reply(answer.status, tuple(answer.getheaders()), answer.read(LONGEST_BODY_BYTES))
            finally:
                connection.close()


def _encrypted(plain: socket.socket, name: str) -> ssl.SSLSocket:
    """Encrypt whoever is there: whether its certificate is a good one is a check of its own."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=name)
