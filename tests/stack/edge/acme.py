"""A real certificate authority on loopback: Pebble, a name server that sends every name here, and certbot."""

import json
import os
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from homeport.ops import process
from tests.ops.edge.authority import CertificateFile, RefusedOrderError

LIFE = timedelta(days=90)
START_SECONDS = 20.0
CERTBOT_SECONDS = 120.0


@dataclass
class Pebble:
    """A running authority."""

    directory: str
    management: str
    names: str
    ca_file: Path

    def root(self) -> str:
        """Return its root certificate."""
        return self._get(f"{self.management}/roots/0")

    def send_elsewhere(self, name: str, address: str) -> None:
        """Let the authority's name server say another address for a name."""
        body = json.dumps({"host": name, "addresses": [address]}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.names}/add-a", body), timeout=10):
            pass

    def answers(self) -> bool:
        try:
            return bool(self._get(self.directory))
        except OSError:
            return False

    def _get(self, url: str) -> str:
        context = ssl.create_default_context(cafile=self.ca_file)
        with urllib.request.urlopen(url, timeout=10, context=context) as answer:
            text: str = answer.read().decode()
            return text


@dataclass
class Certbot:
    """Asks the authority as the proxy does, with the same arguments."""

    root: Path
    pebble: Pebble

    def issue(self, number: int, names: list[str], email: str) -> CertificateFile:
        self._run(
            *("certonly", "--cert-name", f"npm-{number}", "--agree-tos", "--authenticator", "webroot"),
            *("-m", email, "--preferred-challenges", "http", "--domains", ",".join(names)),
            *("--webroot-path", str(self.root / "challenge"), "--key-type", "ecdsa"),
        )
        return self._file(number)

    def renew(self, number: int, names: list[str]) -> CertificateFile:
        self._run(
            *("renew", "--force-renewal", "--cert-name", f"npm-{number}", "--preferred-challenges", "http"),
            *("--no-random-sleep-on-renew", "--disable-hook-validation"),
        )
        return self._file(number)

    def _run(self, *arguments: str) -> None:
        folders = [
            *("--config-dir", str(self.root / "letsencrypt"), "--work-dir", str(self.root / "work")),
            *("--logs-dir", str(self.root / "logs"), "--server", self.pebble.directory),
        ]
        ran = subprocess.run(
            ["certbot", "-n", *arguments, *folders],
            capture_output=True,
            text=True,
            check=False,
            timeout=CERTBOT_SECONDS,
            env={**os.environ, "REQUESTS_CA_BUNDLE": str(self.pebble.ca_file)},
        )
        if ran.returncode != 0:
            raise RefusedOrderError(f"{ran.stderr}\n{ran.stdout}")

    def _file(self, number: int) -> CertificateFile:
        pem = (self.root / "letsencrypt" / "live" / f"npm-{number}" / "cert.pem").read_bytes()
        found = x509.load_pem_x509_certificate(pem)
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        dns = frozenset(names.get_values_for_type(x509.DNSName))
        return CertificateFile(found.serial_number, dns, found.not_valid_after_utc, found.issuer.rfc4514_string())


@contextmanager
def running_pebble(folder: Path, ports: Sequence[int], http_port: int, https_port: int) -> Iterator[Pebble]:
    """Run the authority and its name server; challenges are asked at these ports."""
    dns, names, listening, management = ports
    ca_file = _make_certificate(folder)
    config = {
        "listenAddress": f"127.0.0.1:{listening}",
        "managementListenAddress": f"127.0.0.1:{management}",
        "certificate": str(folder / "cert.pem"),
        "privateKey": str(folder / "key.pem"),
        "httpPort": http_port,
        "tlsPort": https_port,
        "ocspResponderURL": "",
        "externalAccountBindingRequired": False,
        "certificateValidityPeriod": int(LIFE.total_seconds()),
    }
    (folder / "config.json").write_text(json.dumps({"pebble": config}))
    quick = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"}
    name_server = [
        *("pebble-challtestsrv", "-dns01", f"127.0.0.1:{dns}", "-management", f"127.0.0.1:{names}"),
        *("-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", ""),
    ]
    authority = ["pebble", "-config", str(folder / "config.json"), "-dnsserver", f"127.0.0.1:{dns}"]
    pebble = Pebble(
        f"https://127.0.0.1:{listening}/dir", f"https://127.0.0.1:{management}", f"http://127.0.0.1:{names}", ca_file
    )
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))
        for command in (name_server, authority):
            started = process.start(command, environment={**os.environ, **quick}, output=log)
            stack.callback(process.end, started, 15, seconds=5)
        assert process.wait_until(pebble.answers, START_SECONDS), (folder / "log").read_text()
        yield pebble


def _make_certificate(folder: Path) -> Path:
    """Make the certificate of the authority's own administration, which signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a rehearsal on loopback")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(pem)
    return folder / "cert.pem"
