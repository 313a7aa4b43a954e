"""Somebody looks at what a text used to say, sees what has changed word by word, and goes back, losing nothing."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import text, update

from homeport.blog.versions import EntryRevision
from tests.browser.newcomers import check, sign_in, site_named
from tests.browser.visit import PHONE, Visitor

pytestmark = pytest.mark.browser

CALM = "The harbour is calm.\n\nThere are three boats.\n"
WILD = "The harbour is wild.\n\nThere are three boats.\n\nNobody sails.\n"


@pytest.fixture
def site(server_uri, tmp_path_factory):
    with site_named("restore", server_uri, tmp_path_factory) as site:
        yield site


@pytest.fixture
def visitors(browser, site):
    with Visitor(browser, site.address) as visitor:
        yield visitor


def test_a_former_text_comes_back_and_the_later_one_is_kept(visitors, site):
    author = visitors.open("/", width=PHONE)
    page = sign_in(author, site, "/studio/entries/new")
    page.get_by_label("Title", exact=True).fill("Harbour")
    page.get_by_label("Text", exact=True).fill(CALM)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Readers see it now")).to_be_visible()
    _later(site)

    page.get_by_label("Text", exact=True).fill(WILD)
    page.get_by_role("button", name="Update", exact=True).click()
    expect(page.get_by_text("Readers see your changes now")).to_be_visible()
    editor = page.url.partition("?")[0]
    page.goto(f"{editor}/revisions")
    check(author)
    expect(page.get_by_text("was public").first).to_be_visible()
    page.get_by_role("link", name="Harbour").last.click()
    expect(page.locator("del")).to_have_text(["calm"])
    expect(page.locator("ins")).to_have_text(["wild", "", "Nobody sails."])
    check(author)

    page.get_by_role("button", name="Go back to this text").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(CALM)
    reader = visitors.open("/posts/harbour").page
    expect(reader.get_by_text("Nobody sails.")).to_be_visible()
    page.get_by_role("button", name="Update", exact=True).click()
    expect(page.get_by_text("Readers see your changes now")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("The harbour is calm.")).to_be_visible()

    page.goto(f"{editor}/revisions")
    page.get_by_role("link", name="Harbour").nth(1).click()
    expect(page.get_by_text("The whole text")).to_be_visible()
    expect(page.locator("del").filter(has_text="Nobody sails.")).to_have_count(1)


def _later(site):
    with site.database.transaction() as session:
        ago = EntryRevision.created_at - text("interval '1 hour'")
        session.execute(update(EntryRevision).values(created_at=ago))
