"""nginx in front of the site, with the very rules that `homeport edge` gives it, plain and with TLS."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from homeport.ops.edge.declaration import CacheDeclaration, SiteDeclaration, Upstream
from homeport.ops.edge.nginx import site_config, zone_text
from suite.files import nginx, tls_lines
from suite.target import free_ports

NAME = "example.org"
CACHE = CacheDeclaration(is_on=True, stale_hours=24, max_megabytes=64)
ZONE_FOLDER = "/var/lib/nginx/cache/"
# What the proxy manager writes around a host's rules.
SERVERS = """
  {zone}
  gzip on; proxy_http_version 1.1;
  server {{
    listen 127.0.0.1:{plain}; {tls} server_name {name};
    set $forward_scheme http; set $server "127.0.0.1"; set $port {upstream};
    {rules}
  }}
"""


@contextmanager
def edge(folder: Path, upstream: int) -> Iterator[tuple[int, int, int]]:
    """Run it; yield its process, its port, and its port for TLS."""
    folder.mkdir()
    plain, tls = free_ports(2)
    site = SiteDeclaration(NAME, (), has_tls=True, upstream=Upstream("http", "", upstream), max_body_bytes=1 << 20)
    rules, _ = site_config(site, CACHE, has_zone=True)
    servers = SERVERS.format(
        zone=zone_text(CACHE).replace(ZONE_FOLDER, f"{folder}/"),
        plain=plain,
        tls=tls_lines(folder, tls),
        name=NAME,
        upstream=upstream,
        rules=rules,
    )
    with nginx(folder, servers, plain) as pid:
        yield pid, plain, tls
