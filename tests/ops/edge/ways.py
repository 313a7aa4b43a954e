"""Ways to the double: without a network, over HTTP, and from outside."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from homeport.ops.edge.errors import ProxyAwayError
from homeport.ops.edge.nginx import MARKER_PATH
from homeport.ops.edge.outside import Found
from homeport.ops.edge.state import Seen, ServedCertificate
from homeport.ops.edge.transport import Reply
from tests.ops.edge.double import Double


class DirectTransport:
    """Hands requests over without a network; `before` and `after` may let it fail on the way there or back."""

    def __init__(
        self,
        double: Double,
        *,
        before: Callable[[str], None] = lambda _: None,
        after: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.double = double
        self.before = before
        self.after = after

    def send(self, method: str, path: str, body: Any, *, token: str, timeout_seconds: float) -> Reply:
        what = f"{method} {path}"
        self.before(what)
        # Through JSON and back, as over a network: nothing is shared with the double.
        content = None if body is None else json.dumps(body).encode()
        status, data = self.double.handle(method, path, token, content)
        self.after(what)
        return Reply(status, json.loads(json.dumps(data)))


@dataclass
class DoubleOutside:
    """What a reader would find, seen through the double's nginx; some names may lead elsewhere."""

    double: Double
    elsewhere: dict[str, str] = field(default_factory=dict)
    site_status: int = 200

    def addresses_of(self, name: str) -> Sequence[str]:
        return () if self.elsewhere.get(name) == "nowhere" else ("192.0.2.1",)

    def look(self, name: str, *, has_tls: bool, address: str = "") -> Seen:
        if name in self.elsewhere:
            there = self.elsewhere[name]
            return Seen(problem=f"{name} has no address in the DNS" if there == "nowhere" else there)
        live = self.double.engine.at(name)
        if live is None:
            return Seen()
        file = live.certificate if has_tls else None
        if file is None:
            # Plain HTTP that leads to TLS shows no marker.
            return Seen() if live.file.is_forced else Seen(live.file.marker)
        served = ServedCertificate(file.serial, file.names, file.issuer, file.ends_at)
        return Seen(live.file.marker, served)

    def ask(self, name: str, path: str, *, has_tls: bool) -> Found | None:
        live = self.double.engine.at(name)
        if live is None or name in self.elsewhere:
            return None
        if not has_tls and live.file.is_forced:
            return Found(301, f"https://{name}{path}", "openresty", b"")
        if path == MARKER_PATH:
            return Found(200, "", "openresty", live.file.marker.encode())
        main = live.file.text.partition('if ($host != "')[2].partition('"')[0]
        if main and name != main:
            scheme = "https" if live.certificate else "http"
            return Found(301, f"{scheme}://{main}{path}", "openresty", b"")
        return Found(self.site_status, "", "openresty", b"")


@contextmanager
def served(double: Double) -> Iterator[str]:
    """Let the double answer on loopback; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if not self.path.startswith("/api"):
                self._send(200, b"<html>the administration's page</html>")
                return
            path = self.path.removeprefix("/api")
            with lock:
                status, data = double.handle(self.command, path, token, self.rfile.read(length) if length else None)
            self._send(status, json.dumps(data).encode())

        def _send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - names of the standard library

        def log_message(self, *_: object) -> None:
            pass

    lock = threading.Lock()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Crashes:
    """Lets the way to the proxy break at its n-th write, before the proxy has got it or after it has done it."""

    at: int
    is_after: bool
    count: int = 0

    def before(self, what: str) -> None:
        if _is_write(what):
            self.count += 1
            self._break(is_after=False)

    def after(self, what: str) -> None:
        if _is_write(what):
            self._break(is_after=True)

    def _break(self, *, is_after: bool) -> None:
        if self.count >= self.at and (self.count > self.at or self.is_after == is_after):
            raise ProxyAwayError("the proxy does not answer (connection reset)")


def _is_write(what: str) -> bool:
    return not what.startswith("GET") and what != "POST /tokens"
