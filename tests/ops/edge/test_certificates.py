"""Which certificate, and whether another or a newer one."""

from datetime import timedelta

import pytest

from homeport.ops.edge.certificates import choose_certificate, covers
from homeport.ops.edge.state import Actual, Certificate, Host, Version, WantedHost
from tests.ops.edge.world import Clock

NOW = Clock()()
ONE = WantedHost("example.org", ("www.example.org",), "http", "a", 1, has_tls=True, config="", marker="")


def certificate(number, days, *, names=("example.org", "www.example.org"), is_renewable=True, age=90):
    begun = NOW - timedelta(days=age)
    return Certificate(number, frozenset(names), is_renewable, begun, begun, NOW + timedelta(days=days))


def choose(*certificates, in_use=0):
    host = Host(1, {"domain_names": ["example.org"], "certificate_id": in_use, "advanced_config": ""})
    return choose_certificate(ONE, host, Actual(Version(2, 15), certificates=certificates), NOW, is_staging=False)


def test_without_any_one_is_missing():
    assert choose().is_missing


@pytest.mark.parametrize("names", [["example.org"], ["other.org"], ["*.example.org"]])
def test_one_that_does_not_cover_every_name_will_not_do(names):
    assert choose(certificate(1, 80, names=names)).is_missing


@pytest.mark.parametrize("names", [["example.org", "*.example.org"], ["example.org", "www.example.org", "a.org"]])
def test_one_that_covers_more_will_do(names):
    assert choose(certificate(1, 80, names=names)).id == 1


def test_the_one_in_use_stays_in_use_while_it_is_good():
    assert choose(certificate(1, 40), certificate(2, 80), in_use=1).id == 1


def test_a_longer_one_takes_the_place_of_one_that_ends_soon():
    choice = choose(certificate(1, 10), certificate(2, 80), in_use=1)
    assert (choice.id, choice.renew) == (2, None)


def test_one_that_ends_soon_is_renewed():
    choice = choose(certificate(1, 20))
    assert choice.renew is not None
    assert choice.renew.id == choice.id == 1


def test_one_that_was_brought_and_ends_soon_is_replaced():
    assert choose(certificate(1, 20, is_renewable=False)).is_missing
    assert choose(certificate(1, 80, is_renewable=False)).id == 1


def test_one_that_was_never_obtained_will_not_do():
    assert choose(certificate(1, -3, age=3)).is_missing


@pytest.mark.parametrize(
    ("names", "name", "is_covered"),
    [
        (["a.org"], "a.org", True),
        (["*.a.org"], "b.a.org", True),
        (["*.a.org"], "a.org", False),
        (["*.a.org"], "c.b.a.org", False),
    ],
)
def test_a_star_stands_for_one_label(names, name, is_covered):
    assert covers(frozenset(names), name) is is_covered
