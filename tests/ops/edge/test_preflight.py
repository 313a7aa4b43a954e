"""No order at the authority for a name that leads elsewhere, and nothing left behind by the try."""

import pytest

from homeport.ops.edge.errors import NotPointingHereError
from homeport.ops.edge.preflight import Preflight
from homeport.ops.edge.state import Actual, Seen, Version
from tests.ops.edge.double import User
from tests.ops.edge.world import EMAIL, PASSWORD

NAMES = frozenset(("example.org", "www.example.org"))


@pytest.fixture
def preflight(fresh):
    fresh.double.users.append(User(1, EMAIL, PASSWORD))
    proxy = fresh.reconciler().proxy
    proxy.session.sign_in(EMAIL, PASSWORD)
    return Preflight(proxy, fresh.outside, patience_seconds=0)


@pytest.fixture
def actual():
    return Actual(Version(2, 15, 1))


def test_names_that_lead_here_pass_and_nothing_stays_behind(fresh, preflight, actual):
    preflight.require_leads_here(NAMES, actual)
    assert fresh.double.writes == ["POST /nginx/proxy-hosts", "DELETE /nginx/proxy-hosts/1"]
    assert fresh.double.hosts == {}


def test_a_name_without_an_address_costs_not_even_a_try(fresh, preflight, actual):
    fresh.outside.elsewhere["www.example.org"] = "nowhere"
    with pytest.raises(NotPointingHereError, match=r"www\.example\.org has no address in the DNS") as told:
        preflight.require_leads_here(NAMES, actual)
    assert "No certificate was asked for" in told.value.hint
    assert fresh.double.writes == []


def test_a_name_that_leads_to_another_server_is_told_and_nothing_stays_behind(fresh, preflight, actual):
    fresh.outside.look = lambda name, has_tls, address: Seen("ffffffffffffffff")
    with pytest.raises(
        NotPointingHereError, match=r"example\.org does not lead to this proxy: another server answers at"
    ):
        preflight.require_leads_here(NAMES, actual)
    assert fresh.double.hosts == {}


def test_every_address_of_a_name_has_to_lead_here(fresh, preflight, actual):
    """The authority prefers IPv6, and a forgotten AAAA record is the usual reason for a refusal."""
    look = fresh.outside.look
    fresh.outside.addresses_of = lambda name: ("192.0.2.1", "2001:db8::1")
    fresh.outside.look = lambda name, has_tls, address: (
        Seen(problem="nobody answers at 2001:db8::1 port 80 (connection refused)")
        if ":" in address
        else look(name, has_tls=False)
    )
    with pytest.raises(NotPointingHereError, match="nobody answers at 2001:db8::1"):
        preflight.require_leads_here(NAMES, actual)


def test_an_address_that_this_server_cannot_reach_at_all_says_nothing(fresh, preflight, actual):
    look = fresh.outside.look
    fresh.outside.addresses_of = lambda name: ("192.0.2.1", "2001:db8::1")
    fresh.outside.look = lambda name, has_tls, address: (
        Seen(problem="nobody answers (network is unreachable)") if ":" in address else look(name, has_tls=False)
    )
    preflight.require_leads_here(NAMES, actual)


def test_names_that_are_served_already_need_no_try(settled):
    """Their marker has been seen."""
    actual = settled.reconciler().plan().actual
    settled.double.writes.clear()
    proxy = settled.reconciler().proxy
    Preflight(proxy, settled.outside, patience_seconds=0).require_leads_here(NAMES, actual)
    assert settled.double.writes == []
