"""The double's nginx as a real one, in a folder of its own, on ports of its own, with the proxy's own surroundings."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from homeport.ops import process
from tests.ops.edge.engine import Engine

MAIN = """\
daemon on; master_process on; worker_processes 1; user {user};
pid {root}/nginx.pid; error_log {root}/error.log warn;
events {{}}
http {{
  access_log off; server_tokens off; gzip on;
  client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/f;
  uwsgi_temp_path {root}/u; scgi_temp_path {root}/s;
  proxy_http_version 1.1;
  proxy_cache_path {root}/cache/public levels=1:2 keys_zone=public-cache:1m max_size=16m;
  client_max_body_size 2000m; server_names_hash_bucket_size 1024;
  # Peers in private networks may say who they are: the proxy allows it to 10/8, 172.16/12 and 192.168/16.
  set_real_ip_from 127.0.0.0/8; real_ip_header X-Real-IP; real_ip_recursive on;
  include {root}/http_top[.]conf;
  include {root}/default/*.conf;
  server {{
    listen 127.0.0.1:{http_port};
    server_name congratulations;
    location / {{ return 200 "Congratulations"; }}
  }}
  server {{ listen 127.0.0.1:{https_port} ssl; server_name localhost; ssl_reject_handshake on; return 444; }}
  include {root}/hosts/*.conf;
}}
"""
DEFAULTS = {"444": "return 444;", "404": "return 404;"}
START_SECONDS = 10.0


@dataclass
class RealNginx(Engine):
    """Writes the files that the double thinks of, has nginx test them, and starts or reloads it."""

    root: Path = field(default_factory=Path)
    http_port: int = 0
    https_port: int = 0

    def __post_init__(self) -> None:
        for folder in ("hosts", "default", "cache", "challenge", "letsencrypt"):
            (self.root / folder).mkdir()
        user = "root" if os.geteuid() == 0 else "nobody"
        text = MAIN.format(root=self.root, user=user, http_port=self.http_port, https_port=self.https_port)
        (self.root / "nginx.conf").write_text(text)

    def test(self) -> str:
        """Say what `nginx -t` says of the files as they are now."""
        self._write_files()
        ran = self._nginx("-t")
        # In the container this line is always there, and left out.
        return "" if ran.returncode == 0 else ran.stderr.replace(str(self.root), "/data/nginx").strip()

    def reload(self) -> None:
        super().reload()
        self._write_files()
        if (self.root / "nginx.pid").exists():
            self._nginx("-s", "reload")
            return
        started = self._nginx()
        assert started.returncode == 0, started.stderr

    def stop(self) -> None:
        """End it, if it runs."""
        if (self.root / "nginx.pid").exists():
            self._nginx("-s", "stop")
            process.wait_until(lambda: not (self.root / "nginx.pid").exists(), START_SECONDS)

    @property
    def tls_port(self) -> str:  # type: ignore[override]
        return f":{self.https_port}"

    def listen(self) -> str:
        return f"listen 127.0.0.1:{self.http_port};"

    def listen_tls(self, *, has_http2: bool) -> str:
        return f"listen 127.0.0.1:{self.https_port} ssl{' http2' if has_http2 else ''};"

    def certificate_lines(self, number: int) -> str:
        return super().certificate_lines(number).replace("/etc/letsencrypt", str(self.root / "letsencrypt"))

    def challenge(self) -> str:
        return super().challenge().replace("/data/letsencrypt-acme-challenge", str(self.root / "challenge"))

    def _write_files(self) -> None:
        hosts = self.root / "hosts"
        for file in hosts.iterdir():
            if file.stem not in self.confs:
                file.unlink()
        for name, conf in self.confs.items():
            (hosts / f"{name}.conf").write_text(conf.text)
        self._write_default()
        self._copy_zone()

    def _write_default(self) -> None:
        file = self.root / "default" / "site.conf"
        if self.default not in DEFAULTS:
            file.unlink(missing_ok=True)
            return
        listen = f"listen 127.0.0.1:{self.http_port} default;"
        location = f"location / {{ {DEFAULTS[self.default]} }}"
        file.write_text(
            f"server {{\n  {listen}\n  server_name default-host.localhost;\n{self.challenge()}  {location}\n}}\n"
        )

    def _copy_zone(self) -> None:
        file = self.root / "http_top.conf"
        file.unlink(missing_ok=True)
        given = self.custom / "http_top.conf" if self.custom else None
        if given is not None and given.exists():
            file.write_text(re.sub(r"/var/lib/nginx/cache", str(self.root / "cache"), given.read_text()))

    def _nginx(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
        command = [program, "-p", str(self.root), "-c", str(self.root / "nginx.conf"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
