"""A whole site under examination: the real application, an honest proxy with TLS before it, and room for faults."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from werkzeug.serving import BaseWSGIServer, make_server

from homeport.app import create_app
from homeport.db.schema import HEAD
from homeport.db.session import Database
from homeport.ops.backup.last import LastBackup
from homeport.ops.doctor.examination import CHECKS, examine
from homeport.ops.doctor.findings import Finding, Result
from homeport.ops.doctor.patient import Patient
from homeport.ops.doctor.view import View
from homeport.ops.edge.declaration import OutsideView
from homeport.ops.lastbackup import leave_word
from homeport.ops.notes import EDGE, write_note
from homeport.settings import Settings

NAME = "example.org"
ADDRESS = f"https://{NAME}"
PROXY = "10.9.8.7"
Spoil = Callable[[dict[str, Any]], None]


@dataclass
class Front:
    """The proxy: what it does to requests and to the headers of answers, honest unless a test spoils it."""

    app: Any
    scheme: str
    spoil_request: Spoil = lambda _environ: None
    spoil_headers: Callable[[list[tuple[str, str]]], list[tuple[str, str]]] = lambda headers: headers
    passes_forged: bool = False

    def __call__(self, environ, start_response):
        if not self.passes_forged:
            for name in [name for name in environ if name.startswith(("HTTP_X_", "HTTP_FORWARDED"))]:
                del environ[name]
            environ["HTTP_X_FORWARDED_FOR"] = "198.51.100.7"
            environ["HTTP_X_FORWARDED_PROTO"] = self.scheme
        environ["REMOTE_ADDR"] = PROXY
        self.spoil_request(environ)
        return self.app(
            environ, lambda status, headers, *rest: start_response(status, self.spoil_headers(headers), *rest)
        )


@dataclass
class World:
    """The site, and the doctor who comes to it."""

    patient: Patient
    inside: Any
    front: Front
    plain: dict[str, str]

    def examine(self) -> dict[str, Result]:
        return {result.check: result for result in examine(self.patient)}

    def look(self, check: str) -> list[Finding]:
        """Make one check, and be content only if it could look."""
        return list(CHECKS[check](self.patient))

    def change(self, **changes: Any) -> None:
        self.patient = replace(self.patient, **changes)

    def set(self, section: str, **changes: Any) -> None:
        settings = self.patient.settings
        self.change(settings=settings.replace(**{section: replace(getattr(settings, section), **changes)}))


@dataclass
class Servers:
    """What answers at the ports of the site; served once for all tests, and honest again after each."""

    folder: Path
    application: Any
    inside: "Switch"
    front: Front
    plain: dict[str, str]
    ports: dict[str, int]

    def become_honest(self) -> None:
        self.inside.app = self.application
        self.front.spoil_request = lambda _environ: None
        self.front.spoil_headers = lambda headers: headers
        self.front.passes_forged = False
        self.plain.update(status="301 Moved Permanently", goal=ADDRESS)


@contextmanager
def serving_site(folder: Path, database: Database, uri: str) -> Iterator[Servers]:
    """Serve a site and its proxy until the block ends."""
    certify(folder, ends_in=timedelta(days=80))
    keys = (str(folder / "cert.pem"), str(folder / "key.pem"))
    application = create_app(settings_of(folder, uri), database=database)
    inside, plain = Switch(), dict[str, str]()
    front = Front(inside, "https")
    with (
        _serving(front, keys) as tls,
        _serving(lambda environ, start: _lead(plain, environ, start)) as leading,
        _serving(inside) as direct,
    ):
        ports = {"https": tls.port, "http": leading.port, "inside": direct.port}
        yield Servers(folder, application, inside, front, plain, ports)


def a_world(folder: Path, servers: Servers, uri: str) -> World:
    """Return a sound site with a data folder of its own."""
    servers.become_honest()
    ports = servers.ports
    patient = Patient(
        settings=settings_of(folder, uri),
        inside=View.of(f"http://127.0.0.1:{ports['inside']}"),
        outside=View.of(ADDRESS, address="127.0.0.1", port=ports["https"]),
        database_uri=uri,
        newest_schema=HEAD,
        from_outside=OutsideView("127.0.0.1", ports["http"], ports["https"], servers.folder / "cert.pem"),
    )
    leave_word(patient.notes, LastBackup(datetime.now(UTC), datetime.now(UTC)))
    write_note(patient.notes, EDGE, {"alarms": [], "drift": []}, at=datetime.now(UTC))
    return World(patient, servers.inside, servers.front, servers.plain)


class Switch:
    """Leads to the application; a test may put something before it."""

    app: Any = None

    def __call__(self, environ, start_response):
        return self.app(environ, start_response)


def certify(folder: Path, *, ends_in: timedelta, name: str = NAME) -> None:
    """Write a certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(title)
        .issuer_name(title)
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(now - timedelta(days=90))
        .not_valid_after(now + ends_in)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*plain))
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))


def settings_of(folder: Path, uri: str) -> Settings:
    """Return the settings of the site, with a data folder in this one."""
    (folder / "data").mkdir(exist_ok=True)
    return Settings.from_env(
        {
            "DATA_DIR": str(folder / "data"),
            "FLASK_KEY": "a key that only tests use",
            "DB_URI": uri,
            "SITE_URL": ADDRESS,
            "TRUSTED_PROXIES": PROXY,
        }
    )


def _lead(plain, environ, start_response):
    goal = plain["goal"] + environ["PATH_INFO"]
    start_response(plain["status"], [("Location", goal), ("Content-Length", "0")])
    return [b""]


@contextmanager
def _serving(app: Any, keys: tuple[str, str] | None = None) -> Iterator[BaseWSGIServer]:
    server = make_server("127.0.0.1", 0, app, ssl_context=keys)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
