"""Looks at the edge as a reader would: connects to a name, reads the served certificate and our own marker."""

import http.client
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from homeport.net.deadline import Deadline
from homeport.ops.edge.declaration import OutsideView
from homeport.ops.edge.nginx import MARKER_PATH
from homeport.ops.edge.served import read_certificate
from homeport.ops.edge.state import Seen, ServedCertificate

TIMEOUT_SECONDS = 10.0
LONGEST_BODY_BYTES = 65536
MARKER = re.compile(rb"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Found:
    """An answer from outside."""

    status: int
    location: str
    server: str
    body: bytes


class Outside(Protocol):
    """Whoever looks."""

    def addresses_of(self, name: str) -> Sequence[str]:
        """Return where a reader would go to; nothing when nobody knows the name."""
        ...

    def look(self, name: str, *, has_tls: bool, address: str = "") -> Seen:
        """Return what is at a name."""
        ...

    def ask(self, name: str, path: str, *, has_tls: bool) -> Found | None:
        """Return the answer to a GET, or None when there is none."""
        ...


class RealOutside:
    """Over the network, to the address that the DNS or the declaration says."""

    def __init__(self, view: OutsideView) -> None:
        self._view = view

    def addresses_of(self, name: str) -> Sequence[str]:
        """Return where a reader would go to; nothing when nobody knows the name."""
        try:
            found = socket.getaddrinfo(self._view.address or name, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return ()
        return tuple(dict.fromkeys(str(place[0]) for *_rest, place in found))

    def look(self, name: str, *, has_tls: bool, address: str = "") -> Seen:
        """Return what is at a name; TLS that cannot be had is part of that, and plain HTTP is looked at then."""
        addresses = [address] if address else self.addresses_of(name)
        if not addresses:
            return Seen(problem=f"{name} has no address in the DNS")
        if not has_tls:
            return self._look_plain(name, addresses[0])
        try:
            certificate = self._certificate(name, addresses[0])
        except ssl.SSLError:
            return self._look_plain(name, addresses[0])
        except (OSError, http.client.HTTPException) as error:
            return Seen(problem=self._nobody(addresses[0], self._view.https_port, error))
        found = self._ask(name, addresses[0], MARKER_PATH, has_tls=True)
        return _seen(found, certificate, f"{addresses[0]} port {self._view.https_port}")

    def ask(self, name: str, path: str, *, has_tls: bool) -> Found | None:
        """Return the answer to a GET, or None when there is none."""
        addresses = self.addresses_of(name)
        return self._ask(name, addresses[0], path, has_tls=has_tls) if addresses else None

    def _look_plain(self, name: str, address: str) -> Seen:
        try:
            found = self._exchange(name, address, MARKER_PATH, has_tls=False)
        except (OSError, http.client.HTTPException) as error:
            # A proxy that is closed to unknown names hangs up on them.
            if isinstance(error, http.client.RemoteDisconnected | ConnectionResetError):
                return Seen()
            return Seen(problem=self._nobody(address, self._view.http_port, error))
        return _seen(found, None, f"{address} port {self._view.http_port}")

    def _nobody(self, address: str, port: int, error: Exception) -> str:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return f"nobody answers at {address} port {port} ({reason.lower()})"

    def _certificate(self, name: str, address: str) -> ServedCertificate:
        """Read the certificate, also one that browsers would refuse."""
        distrust = ""
        try:
            with self._connected(name, address, self._context()) as connection:
                return read_certificate(_der(connection))
        except ssl.SSLCertVerificationError as error:
            distrust = error.verify_message
        with self._connected(name, address, _unverified()) as connection:
            return read_certificate(_der(connection), distrust)

    def _ask(self, name: str, address: str, path: str, *, has_tls: bool) -> Found | None:
        try:
            return self._exchange(name, address, path, has_tls=has_tls)
        except (OSError, http.client.HTTPException):
            return None

    def _exchange(self, name: str, address: str, path: str, *, has_tls: bool) -> Found:
        with self._connected(name, address, _unverified() if has_tls else None) as connection:
            asking = http.client.HTTPConnection(name)
            asking.sock = connection
            asking.request("GET", path, headers={"User-Agent": "Homeport", "Connection": "close"})
            answer = asking.getresponse()
            body = answer.read(LONGEST_BODY_BYTES)
            return Found(answer.status, answer.headers.get("Location", ""), answer.headers.get("Server", ""), body)

    @contextmanager
    def _connected(self, name: str, address: str, context: ssl.SSLContext | None) -> Iterator[socket.socket]:
        port = self._view.https_port if context else self._view.http_port
        with (
            Deadline(TIMEOUT_SECONDS) as deadline,
            socket.create_connection((address, port), TIMEOUT_SECONDS) as plain,
        ):
            deadline.watch(plain)
            if context is None:
                yield plain
                return
            with context.wrap_socket(plain, server_hostname=name) as encrypted:
                yield encrypted

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._view.authorities_file)


def _unverified() -> ssl.SSLContext:
    """Return a context that takes any certificate: what is served is to be read, whoever would refuse it."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _der(connection: socket.socket) -> bytes:
    assert isinstance(connection, ssl.SSLSocket)
    return connection.getpeercert(binary_form=True) or b""


def _seen(found: Found | None, certificate: ServedCertificate | None, where: str) -> Seen:
    if found is None:
        return Seen(certificate=certificate)
    if found.status == 200 and MARKER.fullmatch(found.body.strip()):
        return Seen(found.body.strip().decode(), certificate)
    software = found.server.lower()
    if software and not software.startswith(("openresty", "nginx")):
        return Seen(certificate=certificate, problem=f"another program ({found.server}) answers at {where}")
    return Seen(certificate=certificate)
