"""Without any script somebody writes, meets another's change, merges, looks, shares, publishes and goes back."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import make_url

from homeport.accounts.signins import open_sign_in
from homeport.db.session import Database
from homeport.site.actions import update_site
from homeport.web.crosssite import LOCAL_COOKIE
from tests.browser.conftest import _site
from tests.browser.visit import DESK, FAINT, OVERFLOW, PHONE, Visit, Visitor
from tests.factories.members import make_account

pytestmark = pytest.mark.browser

TEXT = "The harbour is calm.\n\n## Boats\n\nThere are three.\n"


@dataclass
class House:
    """Where the story happens, and the cookie of the one who writes there."""

    address: str
    token: str


@pytest.fixture(scope="module")
def house(server_uri, tmp_path_factory):
    with _site(server_uri, "plain", tmp_path_factory.mktemp("plain"), is_filled=False) as address:
        database = Database(make_url(server_uri).set(database="plain").render_as_string(hide_password=False))
        with database.transaction() as session:
            update_site(session, title="The house", time_zone="Europe/Berlin")
            token = open_sign_in(session, make_account(session, name="ada").id, method="password")
        yield House(address, token)
        database.dispose()


@pytest.fixture
def author(browser, house):
    with Visitor(browser, house.address) as visitor:

        def open_page(path: str, **options) -> Visit:
            visit = visitor.open("/", java_script_enabled=False, **options)
            visit.page.context.add_cookies([{"name": LOCAL_COOKIE, "value": house.token, "url": house.address}])
            visit.page.goto(house.address + path)
            return visit

        yield open_page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_the_whole_way_of_a_text(author, house):
    page = author("/studio/entries/new").page
    page.get_by_label("Title", exact=True).fill("Harbour")
    page.get_by_label("Text", exact=True).fill(TEXT)
    press(page, "Save")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    editor = page.url.partition("?")[0]

    other = author(editor.removeprefix(house.address)).page
    other.get_by_label("Text", exact=True).fill(TEXT.replace("three", "four"))
    press(other, "Save")
    page.get_by_label("Text", exact=True).fill(TEXT.replace("calm", "wild"))
    press(page, "Save")
    expect(page.get_by_role("heading", name="Two texts met")).to_be_visible()
    merged = TEXT.replace("calm", "wild").replace("three", "four")
    expect(page.get_by_label("Text", exact=True)).to_have_value(merged)
    press(page, "Save")
    expect(page.get_by_role("status")).to_have_text("Saved.")

    press(page, "1 hint")
    expect(page.get_by_role("region", name="Before you publish")).to_contain_text("The description is empty")
    press(page, "Make a link")
    shared = page.locator("#share a").get_attribute("href")
    stranger = author("/").page
    stranger.context.clear_cookies()
    stranger.goto(house.address + shared)
    expect(stranger.get_by_role("note")).to_contain_text("This is a draft")
    expect(stranger.get_by_text("There are four.")).to_be_visible()

    press(page, "Publish")
    expect(page.get_by_role("status")).to_contain_text("Readers see it now")
    expect(page.get_by_role("region", name="Worth a look")).to_contain_text("The description is empty")
    stranger.goto(house.address + "/posts/harbour")
    expect(stranger.get_by_role("heading", name="Harbour")).to_be_visible()

    page.get_by_role("link", name="Revisions").click()
    page.get_by_role("link", name="Harbour").last.click()
    expect(page.locator("del").first).to_be_visible()
    press(page, "Go back to this text")
    expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)
    stranger.reload()
    expect(stranger.get_by_text("The harbour is wild.")).to_be_visible()

    press(page, "Delete")
    page.get_by_role("link", name="restored").click()
    page.get_by_role("link", name="Harbour").click()
    press(page, "Restore it")
    stranger.reload()
    expect(stranger.get_by_text("The harbour is wild.")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_it_is_open_to_everybody(browser, house, author, width, scheme):
    page = author("/studio/entries/new").page
    page.get_by_label("Title", exact=True).fill(f"{scheme} {width}")
    page.get_by_label("Text", exact=True).fill(TEXT)
    press(page, "Save")
    path = page.url.partition("?")[0].removeprefix(house.address)
    page.get_by_label("Text", exact=True).fill(TEXT.replace("calm", "wild"))
    press(page, "Save")
    with Visitor(browser, house.address) as visitor:
        visit = visitor.open("/", width=width, color_scheme=scheme)
        visit.page.context.add_cookies([{"name": LOCAL_COOKIE, "value": house.token, "url": house.address}])
        for each in ("/studio/entries", "/studio/entries/new", f"{path}?checks=yes&done=saved", f"{path}/revisions/1"):
            visit.page.goto(house.address + each)
            assert visit.complaints == []
            assert visit.ask(FAINT) == []
            assert visit.ask(OVERFLOW) == 0
            if folder := os.environ.get("LOOK_AT"):
                name = each.replace("/", "_").replace("?", "_")[-40:]
                visit.page.screenshot(path=Path(folder) / f"{width}{scheme}{name}.png", full_page=True)
