"""The audit log on the owners' page."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from homeport.accounts.audit import COMMAND_LINE, Actor, note
from homeport.accounts.proofs import AuditEvent
from homeport.site.actions import update_site
from tests.factories.members import sign_in


@pytest.fixture
def owner(session, client):
    return sign_in(session, client, "owner", name="ada")


def test_it_tells_who_did_what_to_whom_from_where(client, owner, session):
    note(session, Actor.of(owner, "203.0.112.7"), "account.role", "grace", now="editor")
    session.flush()
    page = client.get("/studio/audit").text
    for words in ("ada", "changed the role", "grace", "now: editor", "203.0.112.7"):
        assert words in page


def test_moments_in_it_are_told_in_the_site_s_time_zone(client, owner, session):
    update_site(session, time_zone="Europe/Berlin")
    note(session, COMMAND_LINE, "entry.published", "Light", published_at="2026-07-01T22:30:00+00:00", path="/posts/l")
    session.flush()
    page = client.get("/studio/audit").text
    assert ">2 July 2026, 00:30</time>" in page
    assert "published at: " in page
    assert "2026-07-01T22:30:00+00:00" not in page
    assert "/posts/l" not in page


def test_it_goes_on_page_by_page_and_leaves_nothing_out(client, owner, session):
    for number in range(120):
        note(session, COMMAND_LINE, f"test.number{number}x")
    session.flush()
    path, seen = "/studio/audit?person=command+line", ""
    for _ in range(3):
        page = client.get(path).text
        seen += page
        older = page.partition('rel="next" href="')[2].partition('"')[0]
        path = older.replace("&amp;", "&")
    assert path == ""
    assert all(seen.count(f"test.number{number}x") == 1 for number in range(120))


def test_it_can_be_asked_for_one_person(client, owner, session):
    note(session, COMMAND_LINE, "by.command")
    note(session, Actor.of(owner), "by.ada")
    session.flush()
    page = client.get("/studio/audit?person=ada").text
    assert "by.ada" in page
    assert "by.command" not in page


@pytest.mark.parametrize("query", ["before=-1", "before=x", f"before={'9' * 40}", "person=%0A", "person=" + "x" * 999])
def test_what_is_typed_into_the_address_breaks_nothing(client, owner, query):
    assert client.get(f"/studio/audit?{query}").status_code == 200


def test_what_was_written_is_shown_as_text(client, owner, session):
    note(session, COMMAND_LINE, "x", "<script>alert(1)</script>", reason="<img src=x onerror=alert(1)>")
    session.flush()
    page = client.get("/studio/audit").text
    assert "<script>alert" not in page
    assert "<img" not in page


def test_moments_are_told_by_the_site_s_clock_without_any_script(client, owner, session, site):
    site.time_zone = "Asia/Tokyo"
    note(session, COMMAND_LINE, "by.command")
    session.execute(update(AuditEvent).values(at=datetime(2026, 11, 23, 8, 52, tzinfo=UTC)))
    session.flush()
    page = client.get("/studio/audit").text
    assert '<time datetime="2026-11-23T17:52:00+09:00">23 November 2026, 17:52</time>' in page
