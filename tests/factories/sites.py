"""A real Gunicorn under test, with a few lines of WSGI in the place of the site."""

import os
import socket
import textwrap
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from homeport.ops import process
from homeport.ops.listening import listen
from homeport.ops.process import ProcessId
from homeport.ops.webservice import WebService

HELLO = """
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
        return [b"hello"]
    """


@contextmanager
def serving(source: str, folder: Path, *, is_awaited: bool = True, **environment: str) -> Iterator[WebService]:
    """Serve the module, which defines `app`, until the block ends; it begins at once or when the module is loaded."""
    (folder / "tried_site.py").write_text(textwrap.dedent(source))
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "DATA_DIR": str(folder / "data"),
        "DB_URI": "postgresql://nobody@/nothing",
        "FLASK_KEY": "a key that only tests use",
        **environment,
    }
    [listener] = listen(["127.0.0.1"], 0)
    with closing(listener):
        web = WebService([listener], surroundings, arguments=["--module", "tried_site"])
        web.start()
        try:
            assert not is_awaited or wait_until_serving(web)
            yield web
        finally:
            web.stop()


def wait_until_serving(web: WebService, *, seconds: float = 30.0) -> bool:
    """Wait for the first heartbeat."""
    return process.wait_until(lambda: not web.fault(time.monotonic()) and web.is_serving, seconds)


def workers_of(web: WebService) -> list[ProcessId]:
    """Return the worker processes, the oldest first."""
    assert web.child is not None
    numbers = Path(f"/proc/{web.child.pid}/task/{web.child.pid}/children").read_text().split()
    return [identity for number in numbers if (identity := ProcessId.of(int(number)))]


def connect(web: WebService, *, seconds: float = 20.0) -> socket.socket:
    """Open a connection."""
    return socket.create_connection(web.address, timeout=seconds)


def get(web: WebService, path: str = "/", *, seconds: float = 20.0) -> bytes:
    """Ask for a page; return everything that came back."""
    with connect(web, seconds=seconds) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        return read_all(client)


def read_all(client: socket.socket) -> bytes:
    """Read until the other side closes."""
    received = bytearray()
    while part := client.recv(65536):
        received += part
    return bytes(received)
