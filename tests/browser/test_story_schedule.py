"""A post is written for a morning to come, by the clock of the site's own place, and appears on time."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select, update

from homeport.blog.models import Entry
from homeport.site.actions import update_site
from tests.browser.newcomers import check, sign_in, site_named
from tests.browser.visit import Visitor

pytestmark = pytest.mark.browser

SUMMER, WINTER = "2099-07-01T08:00", "2099-12-01T08:00"


@pytest.fixture
def site(request, server_uri, tmp_path_factory):
    with site_named(request.node.name, server_uri, tmp_path_factory) as site:
        with site.database.transaction() as session:
            update_site(session, title="The house", time_zone="Europe/Lisbon")
        yield site


@pytest.fixture
def visitors(browser, site):
    with Visitor(browser, site.address) as visitor:
        yield visitor


def due_at(site):
    with site.database.reader() as connection:
        return connection.execute(select(Entry.published_at)).scalar_one()


def test_it_appears_when_its_time_has_come(visitors, site):
    # The browser stands elsewhere; the clock that counts is the site's.
    author = visitors.open("/", timezone_id="America/New_York")
    page = sign_in(author, site, "/studio/entries/new")
    page.get_by_label("Title", exact=True).fill("Morning bread")
    page.get_by_label("Text", exact=True).fill("Still warm.\n")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_visible()
    expect(page.locator("#actions")).not_to_contain_text("Schedule")
    _schedule(page, SUMMER, "1 July 2099")
    assert due_at(site) == datetime(2099, 7, 1, 7, 0, tzinfo=UTC)
    check(author)

    reader = visitors.open("/posts/morning-bread").page
    expect(reader.get_by_role("heading", name="Not found")).to_be_visible()
    page.goto(f"{site.address}/studio")
    expect(page.get_by_role("region", name="Scheduled")).to_contain_text("Morning bread")
    expect(page.get_by_role("region", name="Scheduled")).to_contain_text("1 July 2099")

    page.get_by_role("link", name="Morning bread").click()
    _schedule(page, WINTER, "1 December 2099")
    assert due_at(site) == datetime(2099, 12, 1, 8, 0, tzinfo=UTC)

    with site.database.transaction() as session:
        soon = session.execute(select(func.now())).scalar_one() + timedelta(seconds=2)
        session.execute(update(Entry).values(published_at=soon))
    reader.reload()
    expect(reader.get_by_role("heading", name="Not found")).to_be_visible()
    reader.wait_for_timeout(2500)
    reader.reload()
    expect(reader.get_by_text("Still warm.")).to_be_visible()
    reader.goto(site.address)
    expect(reader.get_by_role("link", name="Morning bread").first).to_be_visible()


def test_what_is_back_among_the_drafts_has_forgotten_when_it_was_due(visitors, site):
    author = visitors.open("/", java_script_enabled=False)
    page = sign_in(author, site, "/studio/entries/new")
    page.get_by_label("Title", exact=True).fill("Evening bread")
    page.get_by_label("Date", exact=True).fill(SUMMER)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Scheduled for 1 July 2099, 08:00 (Europe/Lisbon).")
    expect(page.locator("#badges")).to_contain_text("for 1 July 2099, 08:00")
    page.get_by_role("button", name="Back to the drafts").click()
    expect(page.get_by_label("Date", exact=True)).to_have_value("")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Readers see it now")
    expect(page.get_by_role("button", name="Update", exact=True)).to_be_visible()


def _schedule(page, moment, in_words):
    date = page.get_by_label("Date", exact=True)
    if not date.is_visible():
        page.get_by_role("button", name="Settings").click()
    date.fill(moment)
    page.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(f"Scheduled for {in_words}, 08:00 (Europe/Lisbon).")
