"""What readers and the site get of each other through the edge's own nginx."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
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


KEPT = {"X-Accel-Expires": "1", "Cache-Control": "no-cache"}


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
    status, headers, body = ask(plain, "/hello?next=/p/hello", **FORGED)
    assert (status, body) == (200, b"hello")
    told = site.asked[-1]
    assert told["x-request-id"] == headers["X-Request-Id"]
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
        site.headers = KEPT
        first = ask(plain, "/post")
        assert first[2] == b"hello"
        site.asked.clear()
        status, headers, _ = ask(plain, "/post")
        assert (status, headers["X-Edge-Cache"], site.asked) == (200, "HIT", [])
        assert headers["X-Request-Id"] != first[1]["X-Request-Id"]
        assert headers["Cache-Control"] == "no-cache"

        time.sleep(2.1)
        site.status, site.body = 503, b"down"
        status, headers, body = ask(plain, "/post")
        assert (status, headers["X-Edge-Cache"], body) == (200, "STALE", b"hello")

        site.status, site.body = 200, b"anew"
        assert ask(plain, "/post")[2] == b"anew"

    def test_who_comes_first_after_it_is_out_of_date_gets_what_the_site_has_now(self, plain, site):
        site.headers, site.tag = KEPT, '"one"'
        assert ask(plain, "/post")[2] == b"hello"
        time.sleep(2.1)
        site.asked.clear()
        status, headers, body = ask(plain, "/post")
        assert (status, headers["X-Edge-Cache"], body) == (200, "REVALIDATED", b"hello")
        assert [told["if-none-match"] for told in site.asked] == ['"one"']

        time.sleep(2.1)
        site.tag, site.body = '"two"', b"anew"
        assert ask(plain, "/post")[2] == b"anew"

    def test_fifty_at_once_are_one_question_to_the_site_at_the_first_time_and_at_every_other(self, plain, site):
        site.headers, site.delay_seconds = KEPT, 0.5
        for site.body in (b"hello", b"anew"):
            site.asked.clear()
            with ThreadPoolExecutor(50) as readers:
                answers = list(readers.map(lambda _: ask(plain, "/post"), range(50)))
            assert {status for status, _, _ in answers} == {200}
            assert {body for _, _, body in answers} <= {b"hello", site.body}
            assert len(site.asked) == 1
            time.sleep(2.1)

    def test_an_older_page_stands_in_for_one_that_is_late_and_without_one_readers_wait(self, plain, site):
        site.headers = KEPT
        assert ask(plain, "/post")[2] == b"hello"
        time.sleep(2.1)
        site.delay_seconds, site.body = 3.0, b"anew"
        asked_at = time.monotonic()
        status, headers, body = ask(plain, "/post")
        assert (status, headers["X-Edge-Cache"], body) == (200, "STALE", b"hello")
        assert time.monotonic() - asked_at < site.delay_seconds
        assert ask(plain, "/another")[::2] == (200, b"anew")

    def test_readers_who_accept_the_same_share_one_copy(self, plain, site):
        site.headers = KEPT | {"Vary": "Accept-Encoding"}
        for accepted, passed_on in {
            "gzip, deflate, br, zstd": "br",
            "br;q=0.8, gzip;q=0.7": "br",
            "br": "br",
            "br;q=0, gzip": "gzip",
            "gzip;q=1.0,br;q=0.0": "gzip",
            "x-gzip, brotli": None,
            "gzip;q=0": None,
            "": None,
        }.items():
            site.asked.clear()
            ask(plain, f"/{passed_on}", Accept_Encoding=accepted)
            assert [told.get("accept-encoding") for told in site.asked] in ([passed_on], []), accepted
        site.asked.clear()
        assert ask(plain, "/br", Accept_Encoding="br, anything")[1]["X-Edge-Cache"] == "HIT"
        assert ask(plain, "/br", Accept_Encoding="gzip")[1]["X-Edge-Cache"] == "MISS"

    def test_nobody_is_known_on_a_public_page(self, plain, site):
        known = {"Cookie": "homeport=secret", "Authorization": "Bearer secret"}
        for path in ("/", "/studious", "/posts/studio", "/static/1/site.css"):
            ask(plain, path, **known)
            assert not site.asked[-1].keys() & {"cookie", "authorization"}, path
        site.headers = KEPT
        for path in ("/studio", "/studio/entries?a=b", "/api/v1/entries", "/account/", "/preview/x", "/comments/x"):
            _, headers, _ = ask(plain, path, **known)
            assert site.asked[-1]["cookie"] == "homeport=secret", path
            assert site.asked[-1]["authorization"] == "Bearer secret", path
            assert "X-Edge-Cache" not in headers

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

    def test_a_page_that_changes_its_size_is_sent_whole(self, plain, site):
        site.headers = KEPT
        for number in (1, 5000, 20):
            site.tag, site.body = f'"{number}"', b"x" * number
            time.sleep(2.1 if number > 1 else 0)
            assert [ask(plain, "/post")[2] for _ in range(3)] == [site.body] * 3

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
