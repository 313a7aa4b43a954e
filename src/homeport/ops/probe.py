"""Asks the site over HTTP whether it is alive, without any of the site's code."""

import json
import socket
import time
from contextlib import suppress
from dataclasses import dataclass

LONGEST_ANSWER = 65536


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, and the start of the body."""

    status: int
    body: bytes

    def says_database_is_up(self) -> bool:
        """Read the answer of `/readyz`."""
        with suppress(ValueError, AttributeError):
            return bool(json.loads(self.body).get("database") == "up")
        return False


def ask(address: tuple[str, int], path: str, *, seconds: float) -> Answer | None:
    """Return the answer to a GET, or None when there is none in time."""
    deadline = time.monotonic() + seconds
    headers = f"Host: localhost:{address[1]}\r\nUser-Agent: homeport\r\nConnection: close\r\n"
    received = b""
    try:
        with socket.create_connection(address, timeout=seconds) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\n{headers}\r\n".encode())
            while len(received) < LONGEST_ANSWER:
                connection.settimeout(max(deadline - time.monotonic(), 0.001))
                part = connection.recv(LONGEST_ANSWER)
                if not part:
                    break
                received += part
    except OSError:
        return None
    return _parse(received)


def _parse(received: bytes) -> Answer | None:
    head, _, body = received.partition(b"\r\n\r\n")
    words = head.split(None, 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
        return None
    return Answer(int(words[1]), body)
