"""Certificates that end or are wrong, and ways that do not lead to TLS, are found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from homeport.ops.doctor.findings import NotApplicableError
from tests.ops.doctor.conftest import closed_port


def test_a_certificate_that_ends_soon_is_found(world):
    world.change(now=datetime.now(UTC) + timedelta(days=60))
    [finding] = world.look("certificate")
    assert "(19 days)" in finding.what
    world.change(now=datetime.now(UTC) + timedelta(days=81))
    [finding] = world.look("certificate")
    assert "its end has passed" in finding.what


def test_a_certificate_that_browsers_refuse_is_found(world):
    world.change(from_outside=replace(world.patient.from_outside, authorities_file=None))
    [finding] = world.look("certificate")
    assert "browsers refuse the certificate of example.org" in finding.what


def test_the_certificate_of_another_name_is_found(world):
    world.change(outside=replace(world.patient.outside, name="example.com"))
    [finding] = world.look("certificate")
    assert "example.com is served with the certificate of another name" in finding.what


def test_a_port_where_nobody_is_is_found(world):
    world.change(outside=replace(world.patient.outside, port=closed_port()))
    [finding] = world.look("certificate")
    assert "nobody answers" in finding.what


def test_http_that_leads_nowhere_is_found(world):
    world.plain["status"] = "404 Not Found"
    [finding] = world.look("redirects")
    assert "but: nowhere (status 404)" in finding.what


def test_http_that_leads_elsewhere_is_found(world):
    world.plain["goal"] = "https://elsewhere.example"
    [finding] = world.look("redirects")
    assert "but: https://elsewhere.example/archive" in finding.what


def test_http_that_leads_for_a_while_only_is_found(world):
    world.plain["status"] = "302 Found"
    assert "status 302" in world.look("redirects")[0].what


def test_a_port_80_where_nobody_is_is_found(world):
    world.change(from_outside=replace(world.patient.from_outside, http_port=closed_port()))
    assert "does not answer" in world.look("redirects")[0].what


def test_an_alias_that_shows_the_site_instead_of_leading_to_it_is_found(world):
    world.change(aliases=("www.example.org",))
    [finding] = world.look("redirects")
    assert finding.what.startswith("https://www.example.org:")


def test_a_site_without_tls_has_none_to_look_at(world):
    world.change(outside=replace(world.patient.outside, scheme="http"))
    for check in ("certificate", "redirects"):
        with pytest.raises(NotApplicableError):
            world.look(check)
