"""Whom a limit by address counts, and which connections may carry a secret."""

import pytest

from homeport.accounts.visitors import InsecureConnectionError, limit_address, require_safe_connection
from homeport.app import create_app
from homeport.settings import Settings


def address(app, remote):
    with app.test_request_context(environ_overrides={"REMOTE_ADDR": remote}):
        return limit_address()


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("8.8.8.8", "8.8.8.8"),
        ("::ffff:8.8.8.8", "8.8.8.8"),
        ("2a00:1450:4001:81b:1:2:3:4", "2a00:1450:4001:81b::/64"),
        ("2a00:1450:4001:81b:ffff::", "2a00:1450:4001:81b::/64"),
        ("", None),
        ("nonsense", None),
    ],
)
def test_an_address_of_ipv6_stands_for_its_network(app, remote, counted):
    assert address(app, remote) == counted


@pytest.mark.parametrize("remote", ["127.0.0.1", "172.18.0.2", "10.0.0.1", "192.168.1.9", "::1", "fd00::1"])
def test_an_address_near_by_may_be_a_proxy_s_until_the_proxies_are_known(settings, own_database, remote):
    assert address(create_app(settings, database=own_database), remote) is None
    known = Settings.from_env({"TRUSTED_PROXIES": "172.16.0.0/12", "FLASK_KEY": "a key that only tests use"})
    assert address(create_app(known, database=own_database), remote) is not None


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://example.org", True),
        ("http://localhost:5000", True),
        ("http://127.0.0.1:5000", True),
        ("http://[::1]:5000", True),
        ("http://example.org", False),
        ("http://192.168.1.9:5000", False),
        ("http://localhost.example.org", False),
    ],
)
def test_a_secret_travels_by_https_or_not_at_all(app, url, is_safe):
    with app.test_request_context(base_url=url):
        if is_safe:
            require_safe_connection()
        else:
            with pytest.raises(InsecureConnectionError):
                require_safe_connection()
