"""Servers on loopback that answer as told, byte for byte, and remember what they were asked."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

Answer = bytes | Callable[[socket.socket], None]


@dataclass
class RawServer:
    """What a server has heard, and where it is."""

    port: int
    heard: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The address of a path on this server."""
        return f"http://{host}:{self.port}{path}"


def loopback_only(address: IPv4Address | IPv6Address, _port: int) -> bool:
    """A guard that lets tests reach their own servers and nothing else."""
    return address.is_loopback


def answer(body: bytes = b"", status: str = "200 OK", *headers: str) -> bytes:
    """A complete HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def drip(beginning: bytes, seconds: float) -> Callable[[socket.socket], None]:
    """Send the beginning at once and then a byte every now and then, as a server that wants to hold us does."""

    def send(connection: socket.socket) -> None:
        connection.sendall(beginning)
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            connection.sendall(b"x")
            time.sleep(0.02)

    return send


@contextmanager
def raw_server(*answers: Answer) -> Iterator[RawServer]:
    """Answer one connection after the other with the given bytes; the last answer is for all that follow."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = RawServer(listener.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listener, server, answers), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _serve(listener: socket.socket, server: RawServer, answers: tuple[Answer, ...]) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                connection.settimeout(5)
                server.heard.append(connection.recv(65536))
                reply = answers[min(len(server.heard), len(answers)) - 1]
                if isinstance(reply, bytes):
                    connection.sendall(reply)
                else:
                    reply(connection)
