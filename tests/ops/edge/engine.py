"""The proxy's nginx: the files it is configured with, what it thinks of them, and what it has read of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homeport.ops.edge.nginx import uses_own_zone
from tests.ops.edge.authority import CertificateFile

OWN_LOCATION = re.compile(r"^(?:.*;)?\s*?location\s*?\/\s*?{", re.IGNORECASE | re.MULTILINE)
MARKER = re.compile(r'return 200 "([0-9a-f]{16})"')
UNKNOWN_DIRECTIVE = re.compile(r"^\s*(brotli|nonsense)\b", re.MULTILINE)


@dataclass(frozen=True)
class File:
    """The configuration of a host as it stands on disk."""

    text: str
    names: frozenset[str]
    certificate_id: int = 0
    is_forced: bool = False
    marker: str = ""
    row: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Live:
    """What nginx has read: a file, and the certificate that was on disk at that moment."""

    file: File
    certificate: CertificateFile | None


@dataclass
class Engine:
    """An nginx that is thought, not run; its files are what the real one would get."""

    custom: Path | None = None
    http2_on_listen: bool = True
    confs: dict[str, File] = field(default_factory=dict)
    files: dict[int, CertificateFile] = field(default_factory=dict)
    live: dict[str, Live] = field(default_factory=dict)
    default: str = "congratulations"
    live_default: str = "congratulations"
    fault: str = ""
    on_write: Callable[[], None] = lambda: None

    def write(self, row: dict[str, Any], *, has_certificate: bool) -> None:
        """Write the configuration of a host, as the program's template does."""
        number = row["certificate_id"] if has_certificate else 0
        self.confs[f"host-{row['id']}"] = File(
            text=self.render(row, number),
            names=frozenset(row["domain_names"]),
            certificate_id=number,
            is_forced=bool(number) and row["ssl_forced"],
            marker=(MARKER.search(row["advanced_config"]) or ["", ""])[1],
            row=dict(row),
        )

    def write_request(self, number: int, names: list[str]) -> None:
        text = (
            f"server {{\n  {self.listen()}\n  server_name {' '.join(names)};\n{self.challenge()}"
            "  location / { return 404; }\n}\n"
        )
        self.confs[f"request-{number}"] = File(text, frozenset(names))

    def remove_request(self, number: int) -> None:
        self.confs.pop(f"request-{number}", None)

    def remove(self, number: int) -> None:
        self.confs.pop(f"host-{number}", None)

    def write_default(self, value: str) -> None:
        self.default = value

    def file(self, number: int) -> CertificateFile:
        return self.files[number]

    def test(self) -> str:
        """Say what `nginx -t` would: nothing when all is well."""
        if self.fault:
            return self.fault
        for conf in self.confs.values():
            if match := UNKNOWN_DIRECTIVE.search(conf.text):
                return f'nginx: [emerg] unknown directive "{match[1]}" in /data/nginx/proxy_host/1.conf:9'
            if conf.certificate_id and conf.certificate_id not in self.files:
                folder = f"/etc/letsencrypt/live/npm-{conf.certificate_id}"
                return f'nginx: [emerg] cannot load certificate "{folder}/fullchain.pem"'
            if uses_own_zone(conf.text) and not self.has_zone():
                return 'nginx: [emerg] "proxy_cache" zone "homeport" is unknown'
        return ""

    def has_zone(self) -> bool:
        file = self.custom / "http_top.conf" if self.custom else None
        return file is not None and file.exists() and "keys_zone=homeport:" in file.read_text()

    def reload(self) -> None:
        """Read everything anew."""
        self.live = {name: Live(conf, self.files.get(conf.certificate_id)) for name, conf in self.confs.items()}
        self.live_default = self.default

    def at(self, name: str) -> Live | None:
        """Return what answers to a name."""
        return next((live for live in self.live.values() if name in live.file.names), None)

    # -- The text of the files

    tls_port = ""

    def listen(self) -> str:
        return "listen 80;"

    def listen_tls(self, *, has_http2: bool) -> str:
        return "listen 443 ssl http2;" if has_http2 else "listen 443 ssl;"

    def certificate_lines(self, number: int) -> str:
        folder = f"/etc/letsencrypt/live/npm-{number}"
        return f"  ssl_certificate {folder}/fullchain.pem;\n  ssl_certificate_key {folder}/privkey.pem;\n"

    def challenge(self) -> str:
        return (
            "  location ^~ /.well-known/acme-challenge/ {\n    default_type text/plain;\n"
            "    root /data/letsencrypt-acme-challenge;\n  }\n"
        )

    def render(self, row: dict[str, Any], certificate_id: int) -> str:
        """Return the server block of a host: the same parts in the same order as the program writes them."""
        tls = f"  {self.listen_tls(has_http2=row['http2_support'])}\n" if certificate_id else ""
        forced = f"  if ($scheme = http) {{ return 301 https://$host{self.tls_port}$request_uri; }}\n"
        default = "  location / { proxy_pass $forward_scheme://$server:$port$request_uri; }\n"
        return (
            "server {\n"
            f"  set $forward_scheme {row['forward_scheme']};\n"
            f'  set $server "{row["forward_host"]}";\n'
            f"  set $port {row['forward_port']};\n"
            f"  {self.listen()}\n{tls}"
            f"  server_name {' '.join(row['domain_names'])};\n"
            + (self.challenge() + self.certificate_lines(certificate_id) if certificate_id else "")
            + (forced if certificate_id and row["ssl_forced"] else "")
            + f"{row['advanced_config']}\n"
            + ("" if OWN_LOCATION.search(row["advanced_config"]) else default)
            + "}\n"
        )
