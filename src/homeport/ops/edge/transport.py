"""One request to the proxy's administration: JSON there and back, bounded in time and size."""

import http.client
import json
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from homeport import __version__
from homeport.net.deadline import Deadline
from homeport.ops.edge.errors import ProxyAwayError

LONGEST_ANSWER_BYTES = 8 * 1024 * 1024
CONNECT_TIMEOUT_SECONDS = 5.0
AWAY = (502, 503, 504)
USER_AGENT = f"Homeport/{__version__}"
NOT_THE_PROXY = "Stop the other program, or correct EDGE_PROXY_URL. Nothing was changed."
NOT_RUNNING = (
    "Start it; if it does not start, another program may sit on its port 80, 443 or 81 (its log says so). "
    "`homeport edge apply` goes on where it ended."
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the proxy has answered."""

    status: int
    data: Any


class Transport(Protocol):
    """How a request reaches the proxy."""

    def send(self, method: str, path: str, body: Any, *, token: str, timeout_seconds: float) -> Reply:
        """Send a request and return the answer, whatever its status; raises ProxyAwayError when there is none."""
        ...


class HttpTransport:
    """The real one; each request has a connection of its own, since minutes lie between them."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = url
        self._host = parts.hostname or ""
        self._port = parts.port
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection

    def send(self, method: str, path: str, body: Any, *, token: str, timeout_seconds: float) -> Reply:
        """Send a request and return the answer, whatever its status; raises ProxyAwayError when there is none."""
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json", "Connection": "close"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = None if body is None else json.dumps(body).encode()
        with Deadline(timeout_seconds) as deadline:
            try:
                status, answer = self._exchange(method, f"/api{path}", content, headers, deadline)
            except (OSError, http.client.HTTPException) as error:
                reason = f"not within {timeout_seconds:g} seconds" if deadline.is_over else _reason(error)
                message = f"the proxy does not answer at {self.url} ({reason})"
                raise ProxyAwayError(message, hint=NOT_RUNNING) from error
        return Reply(status, self._parsed(status, answer))

    def _exchange(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str], deadline: Deadline
    ) -> tuple[int, bytes]:
        timeout_seconds = min(CONNECT_TIMEOUT_SECONDS, deadline.remaining_seconds)
        connection = self._kind(self._host, self._port, timeout=timeout_seconds)
        try:
            connection.connect()
            # From here on the deadline alone decides: certbot may take minutes.
            connection.sock.settimeout(None)
            deadline.watch(connection.sock)
            connection.request(method, path, content, headers)
            response = connection.getresponse()
            answer = response.read(LONGEST_ANSWER_BYTES + 1)
        finally:
            connection.close()
        if deadline.is_over:
            raise TimeoutError
        return response.status, answer

    def _parsed(self, status: int, answer: bytes) -> Any:
        if len(answer) > LONGEST_ANSWER_BYTES:
            raise ProxyAwayError(f"what answers at {self.url} sends more than {LONGEST_ANSWER_BYTES:,} bytes")
        try:
            return json.loads(answer)
        except ValueError as error:
            if status in AWAY:
                message = f"the proxy's nginx answers at {self.url}, and the program behind it does not"
                raise ProxyAwayError(message, hint=NOT_RUNNING) from error
            message = f"another program than Nginx Proxy Manager answers at {self.url}"
            raise ProxyAwayError(message, hint=NOT_THE_PROXY) from error


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
