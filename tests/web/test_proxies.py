import pytest

from homeport.web import proxies
from homeport.web.proxies import ForwardedHeaders, TrustedProxies


def seen_by_the_app(environ, *, trusted=("10.0.0.0/8",), look_up=proxies.look_up):
    seen = {}

    def app(environ, _start_response):
        seen.update(environ)
        return []

    ForwardedHeaders(app, TrustedProxies(trusted, look_up=look_up))(environ, lambda *_: None)
    return seen


FORGED = {
    "HTTP_X_FORWARDED_FOR": "1.2.3.4, 5.6.7.8",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_REAL_IP": "9.9.9.9",
    "HTTP_FORWARDED": "for=9.9.9.9",
    "wsgi.url_scheme": "http",
}


def test_only_the_last_hop_of_a_trusted_proxy_is_believed():
    seen = seen_by_the_app({**FORGED, "REMOTE_ADDR": "10.1.2.3"})
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("5.6.7.8", "https")


def test_anybody_elses_headers_change_nothing():
    seen = seen_by_the_app({**FORGED, "REMOTE_ADDR": "203.0.113.9"})
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("203.0.113.9", "http")


@pytest.mark.parametrize("peer", ["10.1.2.3", "203.0.113.9"])
def test_nothing_behind_ever_sees_the_raw_headers(peer):
    seen = seen_by_the_app({**FORGED, "REMOTE_ADDR": peer})
    assert not [name for name in seen if "FORWARDED" in name or "REAL_IP" in name]


def test_the_id_of_a_request_is_believed_from_the_same():
    brought = {"HTTP_X_REQUEST_ID": "12345678-abc"}
    assert seen_by_the_app({**brought, "REMOTE_ADDR": "10.1.2.3"})["HTTP_X_REQUEST_ID"] == "12345678-abc"
    assert "HTTP_X_REQUEST_ID" not in seen_by_the_app({**brought, "REMOTE_ADDR": "203.0.113.9"})
    assert "HTTP_X_REQUEST_ID" not in seen_by_the_app({**brought, "REMOTE_ADDR": "127.0.0.1"}, trusted=())


def test_rubbish_in_a_trusted_header_is_ignored():
    seen = seen_by_the_app(
        {"REMOTE_ADDR": "10.1.2.3", "HTTP_X_FORWARDED_FOR": "<script>", "HTTP_X_FORWARDED_PROTO": "gopher"}
    )
    assert seen["REMOTE_ADDR"] == "10.1.2.3"
    assert "wsgi.url_scheme" not in seen


def test_an_ipv4_address_in_ipv6_clothes_is_recognised():
    assert TrustedProxies(["10.0.0.0/8"]).trusts("::ffff:10.1.2.3")
    assert not TrustedProxies(["10.0.0.0/8"]).trusts("")


def test_a_proxy_known_by_name_is_looked_up_again_after_a_while(monkeypatch):
    now, addresses, asked = [100.0], ["172.20.0.5"], []

    def look_up(name):
        asked.append(name)
        return list(addresses)

    monkeypatch.setattr(proxies.time, "monotonic", lambda: now[0])
    trusted = TrustedProxies(["nginx-proxy-manager"], look_up=look_up)
    assert trusted.trusts("172.20.0.5")
    addresses[:] = ["172.20.0.9"]
    assert not trusted.trusts("172.20.0.9")
    now[0] += proxies.RESOLVE_SECONDS + 1
    assert trusted.trusts("172.20.0.9")
    assert not trusted.trusts("172.20.0.5")
    assert asked == ["nginx-proxy-manager"] * 2


def test_a_name_that_nobody_knows_is_trusted_by_nobody():
    assert not TrustedProxies(["no-such-host.invalid"]).trusts("127.0.0.1")


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("10.1.2.3", "1.2.3.4, 5.6.7.8", "5.6.7.8"),
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", "nonsense", "10.1.2.3"),
        ("203.0.113.9", "5.6.7.8", "203.0.113.9"),
    ],
)
def test_who_asks_is_known_without_a_request_too(peer, forwarded_for, client):
    assert TrustedProxies(["10.0.0.0/8"]).client_of(peer, forwarded_for) == client
