"""One sentence for what certbot, nginx and the proxy say in twenty lines."""

from datetime import UTC, datetime

import pytest

from homeport.ops.edge.errors import (
    CertificateLimitError,
    CertificateRefusedError,
    NamesTakenError,
    PortTakenError,
    ProxyRefusedError,
)
from homeport.ops.edge.refusals import explain_certificate, explain_host, is_busy
from tests.ops.edge.authority import RATE_LIMIT, REFUSED_CHALLENGE

NAMES = ["example.org"]


def refused(details="", said="Internal Error", status=500):
    return ProxyRefusedError("refused", status=status, said=said, details=details)


def test_the_authoritys_own_words_are_kept():
    error = explain_certificate(refused(REFUSED_CHALLENGE.format(name="example.org")), NAMES)
    assert isinstance(error, CertificateRefusedError)
    assert str(error).endswith("Invalid response from http://example.org/.well-known/acme-challenge/x: 404")


@pytest.mark.parametrize(
    ("kind", "hint"),
    [("dns", "correct the A and AAAA"), ("connection", "does not reach port 80"), ("caa", "CAA record")],
)
def test_each_kind_of_refusal_has_its_remedy(kind, hint):
    error = explain_certificate(refused(f"  Domain: example.org\n  Type:   {kind}\n  Detail: no\n"), NAMES)
    assert hint in error.hint


@pytest.mark.parametrize(
    "said",
    [
        "too many failed authorizations (5) for example.org in the last 1h0m0s, retry after 2027-01-02 03:04:05 UTC",
        "Error creating new order :: too many certificates already issued, retry after: 2027-01-02T03:04:05Z",
        RATE_LIMIT.format(until="2027-01-02 03:04:05"),
    ],
)
def test_a_limit_says_until_when(said):
    error = explain_certificate(refused(said), NAMES)
    assert isinstance(error, CertificateLimitError)
    assert error.until == datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert "before 2027-01-02 03:04 UTC" in str(error)


def test_a_limit_without_an_end_is_one_too():
    error = explain_certificate(refused("urn:ietf:params:acme:error:rateLimited :: Rate limit"), NAMES)
    assert isinstance(error, CertificateLimitError)
    assert error.until is None


def test_what_certbot_always_says_is_left_out():
    said = (
        "Error: Saving debug log to /data/logs/letsencrypt.log\nundefined is an invalid email\n"
        "Ask for help or search for solutions at https://community.letsencrypt.org. See the logfile\n"
    )
    assert str(explain_certificate(refused(said), NAMES)).endswith("for example.org: undefined is an invalid email")


def test_an_nginx_that_takes_nothing_is_not_the_authoritys_fault():
    error = explain_certificate(
        refused('nginx: [emerg] cannot load certificate "/etc/letsencrypt/live/npm-3/x"'), NAMES
    )
    assert isinstance(error, ProxyRefusedError)
    assert "could not write the host of example.org" in str(error)


SILENT = "Error: Saving debug log to /data/logs/letsencrypt.log\nSome challenges have failed.\nAsk for help or search\n"


def test_where_the_proxy_keeps_the_reason_to_itself_it_is_taken_from_certbots_log():
    log = "2026-11-23 DEBUG:certbot: many lines\n  Type:   connection\n  Detail: 192.0.2.9: Timeout during connect\n"
    error = explain_certificate(refused(SILENT), NAMES, log)
    assert str(error) == "the authority refuses a certificate for example.org: 192.0.2.9: Timeout during connect"
    assert "does not reach port 80" in error.hint


def test_where_there_is_no_log_either_it_is_said_where_one_is():
    error = explain_certificate(refused(SILENT), NAMES)
    assert str(error) == "the authority refuses a certificate for example.org: its challenges have failed"
    assert "tail -n 60 /data/logs/letsencrypt.log" in error.hint


def test_a_long_story_is_cut():
    assert len(str(explain_certificate(refused("Detail: " + "x" * 5000), NAMES))) < 400


@pytest.mark.parametrize(
    "said",
    [
        "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)",
        "Problem binding to port 80: Could not bind to IPv4 or IPv6. port 80 is already in use",
    ],
)
def test_a_port_that_somebody_has_is_named(said):
    for error in (explain_certificate(refused(said), NAMES), explain_host(refused(said), NAMES)):
        assert isinstance(error, PortTakenError)
        assert str(error) == "another program on the server has port 80"


def test_a_name_that_is_in_use_is_named():
    error = explain_host(refused(said="a.org is already in use", status=400), ["a.org"])
    assert isinstance(error, NamesTakenError)
    assert str(error) == "a.org is already in use by something in the proxy that is not declared"


def test_a_proxy_that_takes_nothing_is_told():
    assert "could not write the host of a.org" in str(explain_host(refused(), ["a.org"]))
    assert "could not write its settings" in str(explain_host(refused(), []))


def test_other_refusals_stay_as_they_are():
    error = refused(said="data must NOT have additional properties", status=400)
    assert explain_host(error, NAMES) is error


def test_certbot_at_work_for_somebody_else_is_recognised():
    assert is_busy(refused("Another instance of Certbot is already running."))
    assert not is_busy(refused("something else"))
