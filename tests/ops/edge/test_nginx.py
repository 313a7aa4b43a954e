"""The text that nginx gets: what is in it, and that a real nginx takes it."""

import os
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeport.ops.edge.declaration import CacheDeclaration, ForwardedHost, SiteDeclaration, Upstream
from homeport.ops.edge.nginx import (
    ZONE_BEGIN,
    forwarded_config,
    probe_config,
    site_config,
    with_zone,
    without_zone,
    zone_text,
)
from tests.ops.edge.engine import OWN_LOCATION

SITE = SiteDeclaration(
    "example.org",
    ("www.example.org",),
    has_tls=True,
    upstream=Upstream("http", "flask-blog", 5000),
    max_body_bytes=1024,
)
CACHE = CacheDeclaration(is_on=True, stale_hours=24, max_megabytes=64)
GIT = ForwardedHost("git.example.org", Upstream("http", "gitea", 3000), has_websockets=True, max_body_bytes=1024)
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def test_the_proxy_recognises_our_location_and_leaves_its_own_out():
    for config in (site_config(SITE, CACHE, has_zone=True)[0], forwarded_config(GIT)[0], probe_config("0" * 16)):
        assert OWN_LOCATION.search(config)


def test_the_marker_is_in_the_text_and_changes_with_it():
    config, marker = site_config(SITE, CACHE, has_zone=False)
    assert config.startswith(f"# homeport edge {marker}\n")
    assert f'return 200 "{marker}";' in config
    for other in (
        site_config(SITE, CACHE, has_zone=True),
        site_config(SITE, CacheDeclaration(is_on=False, stale_hours=1, max_megabytes=64), has_zone=False),
        forwarded_config(GIT),
    ):
        assert other[1] != marker


def test_where_it_leads_is_part_of_the_marker():
    elsewhere = ForwardedHost(GIT.name, Upstream("http", "forgejo", 3000), has_websockets=True, max_body_bytes=1024)
    assert forwarded_config(elsewhere)[1] != forwarded_config(GIT)[1]


def test_the_order_of_aliases_means_nothing():
    def of(*aliases):
        return SiteDeclaration("example.org", aliases, has_tls=True, upstream=SITE.upstream, max_body_bytes=1024)

    assert site_config(of("a.org", "b.org"), CACHE, has_zone=True) == site_config(
        of("b.org", "a.org"), CACHE, has_zone=True
    )


def test_only_the_last_hop_is_passed_on():
    config, _ = site_config(SITE, CACHE, has_zone=True)
    assert "proxy_set_header X-Forwarded-For $realip_remote_addr;" in config
    assert "proxy_add_x_forwarded_for" not in config
    assert 'proxy_set_header X-Forwarded-Host "";' in config


def test_web_sockets_are_for_those_who_declare_them():
    assert "Upgrade $http_upgrade" in forwarded_config(GIT)[0]
    assert "Upgrade" not in site_config(SITE, CACHE, has_zone=True)[0]


def test_nobody_is_shown_yesterdays_page_while_a_new_one_is_made():
    config, _ = site_config(SITE, CACHE, has_zone=True)
    assert "proxy_cache_background_update" not in config


class TestZone:
    @given(st.text(st.characters(codec="ascii", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e")))
    def test_what_others_wrote_stays(self, text):
        lines = text if text.endswith("\n") or not text else f"{text}\n"
        written = with_zone(text, zone_text(CACHE))
        assert without_zone(written) == lines
        assert with_zone(written, zone_text(CACHE)) == written
        assert written.count(ZONE_BEGIN) == 1


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
@pytest.mark.parametrize("has_zone", [True, False], ids=["own zone", "the proxy's zone"])
@pytest.mark.parametrize("is_on", [True, False], ids=["keeping", "not keeping"])
def test_a_real_nginx_takes_it(tmp_path, has_zone, is_on):
    cache = CacheDeclaration(is_on=is_on, stale_hours=24, max_megabytes=64)
    hosts = [site_config(SITE, cache, has_zone=has_zone)[0], forwarded_config(GIT)[0], probe_config("0" * 16)]
    blocks = "".join(
        'server {\nset $forward_scheme http; set $server "a"; set $port 1;\n'
        f"listen 127.0.0.1:1; server_name n{number};\n"
        f"{host}\n}}\n"
        for number, host in enumerate(hosts)
    )
    zone = zone_text(cache).replace("/var/lib/nginx/cache", str(tmp_path)) if has_zone else ""
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log;\nevents {{}}\nhttp {{\naccess_log off;\n"
        f"proxy_cache_path {tmp_path}/public keys_zone=public-cache:1m;\n{zone}\n{blocks}}}\n"
    )
    ran = subprocess.run([NGINX, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
