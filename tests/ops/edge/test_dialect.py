"""What each version wants to be told."""

import pytest

from homeport.ops.edge.dialect import certificate_request, host_fields, read_fields
from homeport.ops.edge.state import Version, WantedHost

ONE = WantedHost("example.org", ("a.org",), "http", "flask-blog", 5000, has_tls=True, config="x", marker="")


@pytest.mark.parametrize("version", [Version(2, 10, 4), Version(2, 12, 6)])
def test_earlier_ones_want_the_mail_address_with_the_request(version):
    request = certificate_request(version, ["b.org", "a.org"], "me@example.org")
    assert request["domain_names"] == ["a.org", "b.org"]
    assert request["meta"]["letsencrypt_email"] == "me@example.org"
    assert request["meta"]["letsencrypt_agree"] is True


def test_later_ones_refuse_it():
    assert certificate_request(Version(2, 13), ["a.org"], "me@example.org")["meta"] == {"dns_challenge": False}


def test_trust_in_what_clients_claim_is_switched_off_where_it_exists():
    assert "trust_forwarded_proto" not in host_fields(Version(2, 13, 7), ONE, 1)
    assert host_fields(Version(2, 14), ONE, 1)["trust_forwarded_proto"] is False


def test_tls_is_forced_with_a_certificate_only():
    assert host_fields(Version(2, 15), ONE, 3)["ssl_forced"] is True
    assert host_fields(Version(2, 15), ONE, 0)["ssl_forced"] is False


def test_numbers_for_switches_and_nothing_for_lists_are_read_as_what_they_mean():
    row = {"id": 1, "domain_names": ["b.org", "a.org"], "ssl_forced": 1, "caching_enabled": 0, "locations": None}
    assert read_fields({**row, "certificate_id": None, "advanced_config": None}) == {
        "domain_names": ["a.org", "b.org"],
        "ssl_forced": True,
        "caching_enabled": False,
        "locations": [],
        "certificate_id": 0,
        "access_list_id": 0,
        "advanced_config": "",
    }
