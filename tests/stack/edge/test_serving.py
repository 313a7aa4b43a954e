"""What readers and the site get of each other through the edge's own nginx."""

import http.client
import time
from dataclasses import replace

import pytest

from homeport.ops.edge.errors import HostOfflineError

pytestmark = pytest.mark.stack

FORGED = {
    "X-Forwarded-For": "6.6.6.6",
    "X-Real-IP": "6.6.6.6",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "444",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=6.6.6.6;host=evil.example",
    "X-Request-Id": "chosen-by-a-client",
}


@pytest.fixture
def plain(edge):
    """The edge without TLS, applied: nothing here is about certificates."""
    edge.declare(site=replace(edge.reconciler.declaration.site, has_tls=False, max_body_bytes=1024))
    edge.apply()
    return edge


def ask(edge, path="/", *, host="example.org", method="GET", body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", edge.engine.http_port, timeout=10)
    try:
        connection.request(method, path, body, {"Host": host, **{n.replace("_", "-"): v for n, v in headers.items()}})
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()
    finally:
        connection.close()


def test_the_site_is_told_the_truth_about_whoever_asks(plain, site):
    status, _, body = ask(plain, "/hello?next=/p/hello", **FORGED)
    assert (status, body) == (200, b"hello")
    told = site.asked[-1]
    assert told["path"] == "/hello?next=/p/hello"
    assert told["host"] == "example.org"
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-real-ip"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "http"
    assert told["x-request-id"] != "chosen-by-a-client"
    assert not told.keys() & {"x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "forwarded"}


def test_www_leads_to_the_site(plain):
    status, headers, _ = ask(plain, "/a?b=c", host="www.example.org")
    assert (status, headers["Location"]) == (301, "http://example.org/a?b=c")


def test_names_that_nobody_declared_are_not_answered(plain):
    with pytest.raises(http.client.RemoteDisconnected):
        ask(plain, host="other.example")


def test_a_body_that_is_too_large_stops_at_the_edge(plain, site):
    site.asked.clear()
    status, _, _ = ask(plain, method="POST", body=b"x" * 2000)
    assert status == 413
    assert site.asked == []


class TestKeeping:
    def test_what_the_site_allows_is_kept_and_stands_in_while_the_site_is_down(self, plain, site):
        site.headers = {"X-Accel-Expires": "1", "Cache-Control": "no-cache"}
        assert ask(plain, "/post")[2] == b"hello"
        site.asked.clear()
        status, headers, _ = ask(plain, "/post")
        assert (status, headers["X-Edge-Cache"], site.asked) == (200, "HIT", [])
        assert headers["Cache-Control"] == "no-cache"

        time.sleep(2.1)
        site.status, site.body = 503, b"down"
        status, headers, body = ask(plain, "/post")
        assert (status, headers["X-Edge-Cache"], body) == (200, "STALE", b"hello")

        site.status, site.body = 200, b"anew"
        assert ask(plain, "/post")[2] == b"anew"

    def test_what_the_site_does_not_allow_is_asked_for_each_time(self, plain, site):
        for headers in (
            {"Cache-Control": "private, no-store"},
            {"Cache-Control": "max-age=60", "Set-Cookie": "a=b"},
            {},
        ):
            site.headers = headers
            site.asked.clear()
            ask(plain, f"/{len(headers)}")
            ask(plain, f"/{len(headers)}")
            assert len(site.asked) == 2, headers

    def test_the_zone_is_our_own(self, plain):
        assert (plain.engine.root / "cache" / "homeport").is_dir()


def test_a_configuration_that_nginx_refuses_is_taken_back(plain, site):
    host = plain.reconciler.declaration.site
    plain.declare(site=replace(host, max_body_bytes="nonsense"))
    with pytest.raises(HostOfflineError, match=r"does not take the host of example\.org") as refused:
        plain.apply()
    assert refused.value.hint == "The former configuration was put back."
    plain.declare(site=host)
    assert plain.apply() == []
    assert ask(plain)[0] == 200
