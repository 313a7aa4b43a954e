"""What is measured: an address, and the processes that stand behind it."""

import http.client
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from homeport.ops import process


@dataclass(frozen=True)
class Target:
    """A page of a server, asked for in one encoding; `processes` are the roots of all that work for it."""

    name: str
    url: str
    processes: tuple[int, ...]
    encoding: str = "gzip"
    host: str = ""


@contextmanager
def program(command: Sequence[str | Path], port: int, *, log: Path | None = None) -> Iterator[int]:
    """Run a server until the block ends; yield its process once something answers at the port."""
    with (log or Path("/dev/null")).open("a") as said:
        child = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            assert process.wait_until(lambda: is_open(port) or child.poll() is not None, 20), command
            assert child.poll() is None, f"{command[0]} did not start"
            yield child.pid
        finally:
            child.terminate()
            child.wait()


def is_open(port: int) -> bool:
    """Say whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def get(port: int, path: str, headers: Mapping[str, str]) -> tuple[bytes, Message]:
    """Return the body of a page and its headers; it has to be there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        return body, answer.headers
    finally:
        connection.close()


def trusting() -> ssl.SSLContext:
    """Return a context that takes the measured server's own certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
