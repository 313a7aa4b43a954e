"""The proxy's API as it was observed: on the double, and with NPM_URL on a real one.

A real one is named by NPM_URL (such as http://127.0.0.1:81), NPM_EMAIL and NPM_PASSWORD_FILE. Nothing is left in it
but a default site that is closed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from homeport.ops.edge.client import Proxy
from homeport.ops.edge.dialect import WRITABLE, host_fields, require_known
from homeport.ops.edge.errors import ProxyAwayError, ProxyRefusedError
from homeport.ops.edge.session import Session
from homeport.ops.edge.state import WantedHost
from homeport.ops.edge.transport import HttpTransport, Reply
from tests.ops.edge.authority import AgreeableAuthority
from tests.ops.edge.conftest import VERSIONS
from tests.ops.edge.double import Double, User
from tests.ops.edge.engine import Engine
from tests.ops.edge.ways import served
from tests.ops.edge.world import EMAIL, PASSWORD

NAME = "contract.homeport.example"
GOOD = "# homeport edge 0000000000000000\nlocation / {\n  return 204;\n}\n"
REAL = os.environ.get("NPM_URL", "")


@pytest.fixture(params=["real"] if REAL else VERSIONS, ids=str)
def proxy(request: pytest.FixtureRequest) -> Iterator[Proxy]:
    """The real one if there is one, else the double of each version in turn."""
    if REAL:
        session = Session(HttpTransport(REAL))
        secret = Path(os.environ["NPM_PASSWORD_FILE"]).read_text().strip()
        assert session.sign_in(os.environ["NPM_EMAIL"], secret)
        yield Proxy(session)
        return
    double = Double(Engine(), AgreeableAuthority(), request.param, users=[User(1, EMAIL, PASSWORD)])
    with served(double) as url:
        session = Session(HttpTransport(url))
        assert session.sign_in(EMAIL, PASSWORD)
        yield Proxy(session)


@pytest.fixture
def fields(proxy: Proxy) -> dict[str, object]:
    """A host that nginx takes."""
    wanted = WantedHost(NAME, (), "http", "127.0.0.1", 9, has_tls=False, config=GOOD, marker="")
    return host_fields(proxy.greet()[0], wanted, 0)


@pytest.fixture
def number(proxy: Proxy, fields: dict[str, object]) -> Iterator[int]:
    """Such a host, which goes after the test."""
    made = proxy.create_host(fields)
    yield made
    proxy.delete_host(made)


class TestContract:
    def test_the_version_is_one_that_is_known(self, proxy):
        version, is_claimed = proxy.greet()
        require_known(version)
        assert is_claimed

    def test_a_host_is_read_as_it_was_written(self, proxy, fields, number):
        host = proxy.host(number)
        assert dict(host.fields) == fields
        assert host.is_online
        assert host.is_enabled
        assert host.is_ours

    def test_what_was_read_can_be_written(self, proxy, number):
        former = proxy.host(number)
        proxy.put_host(number, former.fields)
        assert proxy.host(number).fields == former.fields

    def test_a_host_that_nginx_refuses_is_said_to_be_there_and_is_offline(self, proxy, fields, number):
        proxy.put_host(number, {**fields, "advanced_config": "nonsense on;"})
        host = proxy.host(number)
        assert not host.is_online
        assert 'unknown directive "nonsense"' in host.fault
        proxy.put_host(number, fields)
        assert proxy.host(number).is_online

    def test_a_host_with_a_certificate_that_does_not_exist_is_taken(self, proxy, fields, number):
        proxy.put_host(number, {**fields, "certificate_id": 99999, "ssl_forced": True})
        assert proxy.host(number).is_online
        proxy.put_host(number, fields)

    def test_a_name_is_taken_once(self, proxy, fields, number):
        with pytest.raises(ProxyRefusedError, match="is already in use") as refused:
            proxy.create_host({**fields, "domain_names": [NAME]})
        assert refused.value.status == 400

    def test_a_field_that_it_does_not_know_is_refused(self, proxy, fields, number):
        with pytest.raises(ProxyRefusedError, match="additional properties"):
            proxy.put_host(number, {"surprise": True})

    def test_null_locations_are_answered_and_refused(self, proxy, number):
        with pytest.raises(ProxyRefusedError, match="400"):
            proxy.put_host(number, {"locations": None})

    def test_a_field_that_a_later_version_has_is_refused_by_an_earlier_one(self, proxy, number):
        version, _ = proxy.greet()
        if (version.major, version.minor) >= (2, 14):
            proxy.put_host(number, {"trust_forwarded_proto": False})
            return
        with pytest.raises(ProxyRefusedError, match="additional properties"):
            proxy.put_host(number, {"trust_forwarded_proto": False})

    def test_a_host_is_switched_off_and_on_once(self, proxy, number):
        proxy.disable_host(number)
        assert not proxy.host(number).is_enabled
        with pytest.raises(ProxyRefusedError, match="already disabled"):
            proxy.disable_host(number)
        proxy.enable_host(number)
        assert proxy.host(number).is_enabled

    def test_a_host_that_is_not_there_is_not_found(self, proxy):
        with pytest.raises(ProxyRefusedError) as refused:
            proxy.host(99999)
        assert refused.value.status == 404

    def test_the_default_site_is_read_as_it_was_written(self, proxy):
        proxy.set_default_site("444")
        assert proxy.default_site() == "444"

    def test_everything_that_is_compared_can_be_listed(self, proxy, number):
        assert NAME in [name for host in proxy.list_hosts() for name in host.names]
        assert NAME not in proxy.other_names()
        assert all(certificate.id for certificate in proxy.list_certificates())


def test_without_a_token_it_says_many_things(request):
    """404 where it means 403, 500 for a POST; and it is understood as neither."""
    if REAL:
        return
    double = Double(Engine(), AgreeableAuthority(), users=[User(1, EMAIL, PASSWORD)])
    assert double.handle("GET", "/nginx/proxy-hosts", "", None)[0] == 404
    assert double.handle("POST", "/nginx/proxy-hosts", "", b"{}")[0] == 500
    assert double.handle("GET", "/nginx/proxy-hosts", "garbage", None)[0] == 500
    old = Double(Engine(), AgreeableAuthority(), (2, 12, 6))
    assert old.handle("GET", "/nginx/proxy-hosts", "", None)[0] == 403


class Odd:
    """Answers the same to everything."""

    def __init__(self, data):
        self.data = data

    def send(self, method, path, body, *, token, timeout_seconds):
        return Reply(200, self.data)


@pytest.mark.parametrize("data", [{}, [], "text", {"version": {"major": "x"}}, {"status": "OK"}])
def test_what_is_no_proxy_is_told(data):
    with pytest.raises(ProxyAwayError, match="is not Nginx Proxy Manager"):
        Proxy(Session(Odd(data))).greet()


def test_what_is_no_list_is_told():
    with pytest.raises(ProxyAwayError, match="not known here"):
        Proxy(Session(Odd({"error": None}))).list_hosts()


def test_keys_of_brought_certificates_are_not_kept():
    row = {"id": 1, "provider": "other", "domain_names": ["A.org"], "meta": {"certificate_key": "secret"}}
    (certificate,) = Proxy(Session(Odd([row]))).list_certificates()
    assert "secret" not in repr(certificate)
    assert certificate.names == {"a.org"}
    assert not certificate.is_renewable
    assert not certificate.was_obtained


def test_every_field_of_a_host_is_either_ours_to_decide_or_left_out(proxy, fields):
    assert set(fields) <= set(WRITABLE)
