"""nginx, and what it costs to send a file that lies ready: the limit of what Homeport can be."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from suite.target import Target, free_ports, program

PAGE = "/posts/post-150"
WORKERS = 2
NGINX = """\
{user} daemon off; pid {folder}/pid; error_log {folder}/errors; worker_processes {workers}; pcre_jit on;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 10000000; sendfile on; tcp_nopush on; tcp_nodelay on; server_tokens off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; default_type text/html;
  ssl_session_cache shared:SSL:10m; ssl_session_timeout 1d; ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ecdh_curve X25519:prime256v1;
  {servers}
}}
"""
STATIC = """
  open_file_cache max=100;
  server {{ listen 127.0.0.1:{plain}; {tls} root {folder}/files; gzip_static always; }}
"""
TLS = """listen 127.0.0.1:{port} ssl http2;
  ssl_certificate {folder}/certificate.pem; ssl_certificate_key {folder}/key.pem;"""


@contextmanager
def nginx_static(folder: Path, body: bytes) -> Iterator[tuple[Target, Target]]:
    """Run nginx with the packed page in a file; yield it plain and with TLS."""
    file = folder / "files" / PAGE.removeprefix("/")
    file.parent.mkdir(parents=True)
    file.with_name(f"{file.name}.gz").write_bytes(body)
    plain, tls = free_ports(2)
    servers = STATIC.format(folder=folder, plain=plain, tls=tls_lines(folder, tls))
    with nginx(folder, servers, plain) as pid:
        yield (
            Target("nginx, a file", f"http://127.0.0.1:{plain}{PAGE}", (pid,)),
            Target("nginx, a file, TLS", f"https://127.0.0.1:{tls}{PAGE}", (pid,)),
        )


@contextmanager
def nginx(folder: Path, servers: str, port: int) -> Iterator[int]:
    """Run nginx with some server blocks; yield its master process."""
    # Its workers would not be allowed into the folder of whoever starts it as root.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "conf").write_text(NGINX.format(folder=folder, servers=servers, workers=WORKERS, user=user))
    with program(["nginx", "-c", folder / "conf", "-e", folder / "errors"], port, log=folder / "log") as pid:
        yield pid


def tls_lines(folder: Path, port: int) -> str:
    """Make a certificate for a server, and return the lines that use it."""
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    make += ["-subj", "/CN=example.org", "-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run(make, check=True, capture_output=True)
    return TLS.format(port=port, folder=folder)
