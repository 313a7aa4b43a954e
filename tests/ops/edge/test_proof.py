"""Whatever a reader would notice is said, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from homeport.ops.edge.outside import Found
from homeport.ops.edge.proof import certificate_faults
from homeport.ops.edge.state import ServedCertificate


@pytest.fixture
def good(settled):
    return ServedCertificate(1, frozenset(("example.org",)), "CN=E5", settled.clock() + timedelta(days=80))


def faults(settled):
    reconciler = settled.reconciler()
    return reconciler.faults(reconciler.plan())


def test_a_settled_edge_has_no_faults(settled):
    assert faults(settled) == ()


def test_a_name_that_nobody_answers_at_is_told(settled):
    settled.outside.elsewhere["www.example.org"] = "nobody answers at 192.0.2.1 port 443 (connection refused)"
    assert faults(settled) == ("www.example.org: nobody answers at 192.0.2.1 port 443 (connection refused)",)


def test_an_alias_that_does_not_lead_to_the_site_is_told(settled):
    ask = settled.outside.ask
    settled.outside.ask = lambda name, path, has_tls: (
        Found(200, "", "nginx", b"") if name == "www.example.org" and has_tls else ask(name, path, has_tls=has_tls)
    )
    assert faults(settled) == ("www.example.org does not lead to example.org",)


def test_plain_http_that_does_not_lead_to_tls_is_told(settled):
    ask = settled.outside.ask
    settled.outside.ask = lambda name, path, has_tls: (
        ask(name, path, has_tls=True) if has_tls else Found(200, "", "nginx", b"")
    )
    assert faults(settled) == (
        "http://example.org does not lead to https://example.org",
        "http://www.example.org does not lead to https://www.example.org",
    )


def test_something_else_behind_the_edge_is_told(settled):
    settled.outside.site_status = 404
    assert faults(settled) == ("what answers behind example.org is not the site (status 404)",)


class TestCertificate:
    def test_a_good_one_has_no_faults(self, settled, good):
        assert list(certificate_faults("example.org", good, settled.clock(), is_staging=False)) == []

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"names": frozenset(("other.org",))}, "served with the certificate of another name"),
            ({"issuer": "CN=(STAGING) Pretend Pear X1"}, "from the authority's rehearsal"),
            ({"distrust": "self-signed certificate"}, "browsers refuse the certificate of example.org: self-signed"),
        ],
    )
    def test_what_is_wrong_with_one_is_told(self, settled, good, change, told):
        (fault,) = certificate_faults("example.org", replace(good, **change), settled.clock(), is_staging=False)
        assert told in fault

    @pytest.mark.parametrize(("days", "told"), [(20.5, "(20 days)"), (0.5, "(0 days)"), (-3, "(its end has passed)")])
    def test_one_that_ends_in_less_than_21_days_is_an_alarm(self, settled, good, days, told):
        ending = replace(good, ends_at=settled.clock() + timedelta(days=days))
        (fault,) = certificate_faults("example.org", ending, settled.clock(), is_staging=False)
        assert fault.endswith(told)

    def test_none_at_all_is_told(self, settled):
        (fault,) = certificate_faults("example.org", None, settled.clock(), is_staging=False)
        assert fault == "example.org is served without a certificate"

    def test_in_a_rehearsal_one_from_the_rehearsal_is_right(self, settled, good):
        rehearsed = replace(
            good, issuer="CN=(STAGING) Pretend Pear X1", distrust="unable to get local issuer certificate"
        )
        assert list(certificate_faults("example.org", rehearsed, settled.clock(), is_staging=True)) == []
