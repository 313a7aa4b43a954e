"""What a reader finds: over real sockets, with TLS that is right, wrong or not there."""

import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from homeport.ops.edge.declaration import OutsideView
from homeport.ops.edge.outside import RealOutside

MARKER = b"HTTP/1.1 200 OK\r\nServer: openresty\r\nContent-Length: 16\r\n\r\n0123456789abcdef"
APACHE = b"HTTP/1.1 404 Not Found\r\nServer: Apache/2.4\r\nContent-Length: 0\r\n\r\n"
NGINX = b"HTTP/1.1 404 Not Found\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def keys(tmp_path):
    """A certificate for example.org that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "(STAGING) a test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("example.org")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "both.pem").write_bytes(plain + made.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return tmp_path


@contextmanager
def listening(answer, keys=None):
    """Answer every connection with these bytes, behind TLS if there are keys; yield the port."""
    context = None
    if keys is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(keys / "both.pem")

    def serve(server):
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) if context else connection as spoken:
                        if spoken.recv(65536):
                            spoken.sendall(answer)
                except OSError:
                    continue

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def outside(http_port, https_port=0, authorities=None):
    return RealOutside(OutsideView("127.0.0.1", http_port, https_port, authorities))


def test_the_marker_is_read_over_plain_http():
    with listening(MARKER) as port:
        assert outside(port).look("example.org", has_tls=False).marker == "0123456789abcdef"


def test_the_marker_and_the_certificate_are_read_over_tls(keys):
    with listening(MARKER, keys) as port:
        seen = outside(1, port, keys / "ca.pem").look("example.org", has_tls=True)
    assert seen.marker == "0123456789abcdef"
    assert (seen.certificate.serial, seen.certificate.names) == (4711, {"example.org"})
    assert seen.certificate.distrust == ""
    assert seen.certificate.is_staging
    assert 28 <= (seen.certificate.ends_at - datetime.now(UTC)).days <= 30


@pytest.mark.parametrize(("name", "distrust"), [("example.org", "self-signed certificate"), ("other.org", "ismatch")])
def test_a_certificate_that_browsers_refuse_is_read_all_the_same(keys, name, distrust):
    authorities = None if name == "example.org" else keys / "ca.pem"
    with listening(MARKER, keys) as port:
        certificate = outside(1, port, authorities).look(name, has_tls=True).certificate
    assert certificate.serial == 4711
    assert distrust in certificate.distrust


def test_without_tls_plain_http_is_looked_at(keys):
    with listening(b"no tls") as tls_port, listening(MARKER) as port:
        seen = outside(port, tls_port).look("example.org", has_tls=True)
    assert seen.certificate is None
    assert seen.marker == "0123456789abcdef"


def test_another_program_is_named():
    with listening(APACHE) as port:
        seen = outside(port).look("example.org", has_tls=False)
    assert seen.problem == f"another program (Apache/2.4) answers at 127.0.0.1 port {port}"


def test_an_nginx_without_our_marker_is_no_problem_but_no_proof():
    with listening(NGINX) as port:
        seen = outside(port).look("example.org", has_tls=False)
    assert (seen.marker, seen.problem) == ("", "")


def test_a_proxy_that_hangs_up_on_unknown_names_is_no_problem_but_no_proof():
    with listening(b"") as port:
        seen = outside(port).look("example.org", has_tls=False)
    assert (seen.marker, seen.problem) == ("", "")


def test_nobody_there_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for has_tls in (False, True):
        problem = outside(port, port).look("example.org", has_tls=has_tls).problem
        assert problem == f"nobody answers at 127.0.0.1 port {port} (connection refused)"
    assert outside(port).ask("example.org", "/", has_tls=False) is None


def test_a_name_without_an_address_is_told():
    real = RealOutside(OutsideView("", 80, 443, None))
    assert real.addresses_of("nothing.invalid") == ()
    assert real.look("nothing.invalid", has_tls=True).problem == "nothing.invalid has no address in the DNS"
    assert real.ask("nothing.invalid", "/", has_tls=True) is None
