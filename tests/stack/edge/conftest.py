"""A proxy whose nginx, certbot and authority are real, before a site that is a few lines."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from homeport.ops.edge.declaration import OutsideView, Upstream
from homeport.ops.edge.outside import RealOutside
from homeport.ops.edge.performing import Patience
from homeport.ops.edge.reconciler import Reconciler
from tests.ops.edge.authority import CertificateFile
from tests.ops.edge.double import Double
from tests.ops.edge.ways import served
from tests.ops.edge.world import Clock, declare
from tests.stack.edge.acme import Certbot, Pebble, running_pebble
from tests.stack.edge.nginx import RealNginx

PROGRAMS = ("nginx", "certbot", "pebble", "pebble-challtestsrv")


@dataclass(frozen=True)
class Loopback:
    """What is there for all tests: an authority, and the ports at which it asks for challenges."""

    pebble: Pebble
    http_port: int
    https_port: int


@pytest.fixture(scope="module")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """A running authority; it takes seconds to make its keys."""
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    http_port, https_port, *others = free_ports(6)
    with running_pebble(tmp_path_factory.mktemp("pebble"), others, http_port, https_port) as pebble:
        yield Loopback(pebble, http_port, https_port)


def missing_programs() -> list[str]:
    return [program for program in PROGRAMS if not shutil.which(program)]


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@dataclass
class LittleSite:
    """A site that answers, remembers what it was asked, and may be made to fail."""

    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"hello"
    asked: list[dict[str, str]] = field(default_factory=list)
    tag: str = ""
    delay_seconds: float = 0.0


@pytest.fixture
def site() -> Iterator[LittleSite]:
    """The site behind the edge."""
    little = LittleSite()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            little.asked.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
            time.sleep(little.delay_seconds)
            if little.tag and self.headers["If-None-Match"] == little.tag:
                self.send_response(304)
                self._send_headers()
                self.end_headers()
                return
            self.send_response(little.status)
            self._send_headers()
            self.send_header("Content-Length", str(len(little.body)))
            self.end_headers()
            self.wfile.write(little.body)

        def _send_headers(self) -> None:
            if little.tag:
                self.send_header("ETag", little.tag)
            for name, value in little.headers.items():
                self.send_header(name, value)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    little.port = server.server_address[1]
    yield little
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class RealEdge:
    """Everything together: the double over HTTP, its real nginx and certbot, and a reconciler on it."""

    double: Double
    engine: RealNginx
    pebble: Pebble
    reconciler: Reconciler
    clock: Clock

    def apply(self) -> list[str]:
        """Apply, and return what was written."""
        self.double.writes.clear()
        self.reconciler.apply(lambda _: None)
        return list(self.double.writes)

    def begin_anew_with_renewal(self) -> None:
        """Put the clock back when a certificate is renewed: the authority's clock has not been put forward."""
        renew = self.double.authority.renew

        def renew_now(number: int, names: list[str]) -> CertificateFile:
            self.clock.moment = datetime.now(UTC)
            return renew(number, names)

        self.double.authority.renew = renew_now  # type: ignore[method-assign]

    def declare(self, **changes: object) -> None:
        self.reconciler.declaration = replace(self.reconciler.declaration, **changes)  # type: ignore[arg-type]


@pytest.fixture
def edge(tmp_path: Path, loopback: Loopback, site: LittleSite) -> Iterator[RealEdge]:
    """A fresh proxy, and a declaration for it that nobody has applied."""
    http_port, https_port, pebble = loopback.http_port, loopback.https_port, loopback.pebble
    custom = tmp_path / "custom"
    custom.mkdir()
    root = tmp_path / "npm"
    root.mkdir()
    engine = RealNginx(custom=custom, root=root, http_port=http_port, https_port=https_port)
    clock = Clock()
    double = Double(engine, Certbot(root, pebble), now=clock)
    authorities = tmp_path / "root.pem"
    authorities.write_text(pebble.root())
    with served(double) as url:
        declared = declare(tmp_path)
        declaration = replace(
            declared,
            site=replace(declared.site, upstream=Upstream("http", "127.0.0.1", site.port)),
            proxy=replace(declared.proxy, url=url, custom_dir=custom),
            outside=OutsideView("127.0.0.1", http_port, https_port, authorities),
        )
        engine.reload()
        made = Reconciler.of(declaration)
        patience = Patience(served_seconds=10, leads_here_seconds=5, pause_seconds=0.1, busy_pause_seconds=0.1)
        reconciler = Reconciler(declaration, made.proxy, RealOutside(declaration.outside), patience, clock)
        try:
            yield RealEdge(double, engine, pebble, reconciler, clock)
        finally:
            engine.stop()
