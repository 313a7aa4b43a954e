"""While somebody writes, a number beside the button that publishes says what is worth a look, and leads to it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Writers, check, desk_named, wait_until_saved, write
from tests.browser.visit import DESK, PHONE, Visitor

pytestmark = pytest.mark.browser

SELECTED = "() => getSelection().toString()"
SAID = """() => {
  globalThis.said = [];
  const place = document.querySelector('#hinted');
  new MutationObserver(() => said.push(place.textContent)).observe(place, {childList: true});
}"""


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with desk_named("checks", server_uri, tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def writers(browser, desk):
    with Visitor(browser, desk.address) as visitor:
        yield Writers(visitor, desk)


def _hints(page: Page, words: str) -> None:
    expect(page.locator("#hints")).to_have_text(words)


def _show(page: Page, pane: str) -> None:
    page.get_by_role("group", name="Show").get_by_role("button", name=pane, exact=True).click()


@pytest.mark.parametrize("pane", ["Preview", "Settings", "Write"])
def test_the_number_follows_the_text_whatever_is_shown_beside_it(writers, desk, pane):
    page = writers.open(desk.draft(title="Number", description="D", source="Words.")).page
    if pane == "Settings":
        _show(page, pane)
    elif pane == "Write":
        _show(page, "Preview")
    _hints(page, "No hints")
    write(page, "\n\n#### Deep\n\n[lost](/nowhere)")
    _hints(page, "2 hints")
    page.get_by_label("Text", exact=True).fill("Words.\n\n## Deep")
    _hints(page, "No hints")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_opens_the_list_and_the_list_leads_to_the_line(writers, desk, width):
    source = "\n\n".join(f"Line {number}." for number in range(100)) + "\n\n[lost](/nowhere)\n\n#### Deep"
    visit = writers.open(desk.draft(title="Lines", description="D", source=source), width=width)
    page = visit.page
    _hints(page, "2 hints")
    page.get_by_role("button", name="2 hints").click()
    heading = page.get_by_role("heading", name="Before you publish")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    expect(page.locator("#checks")).to_contain_text("The link to /nowhere leads nowhere.")
    check(visit)
    page.get_by_role("button", name="Line 203").click()
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    assert page.evaluate(SELECTED) == "#### Deep"
    assert page.evaluate("() => scrollY") > 0


def test_the_address_of_the_list_leads_to_it(writers, desk):
    page = writers.open(
        desk.draft(title="Address", description="D", source="#### Deep") + "?checks=yes#checks-heading"
    ).page
    expect(page.get_by_role("heading", name="Before you publish")).to_be_focused()
    expect(page.locator("#checks")).to_contain_text("skips a level")


def test_a_new_text_has_it_as_soon_as_it_can_be_published(writers):
    page = writers.open("/studio/entries/new").page
    page.keyboard.type("New")
    page.keyboard.press("Enter")
    page.keyboard.type("Words.")
    wait_until_saved(page)
    _hints(page, "1 hint")


def test_a_new_number_is_spoken_once_and_after_a_pause(writers, desk):
    page = writers.open(desk.draft(title="Spoken", description="D", source="Words.")).page
    _hints(page, "No hints")
    page.wait_for_timeout(4500)
    page.evaluate(SAID)
    write(page, " [lost](/now")
    page.keyboard.insert_text("here)")
    _hints(page, "1 hint")
    expect(page.locator("#hinted")).to_have_text("1 hint before publishing")
    write(page, " More words.")
    wait_until_saved(page)
    page.wait_for_timeout(4500)
    assert page.evaluate("() => said") == ["1 hint before publishing"]


def test_who_publishes_without_a_look_is_told_afterwards(writers, desk):
    visit = writers.open(desk.draft(title="Told", description="D", source="Words.\n\n#### Deep"))
    page = visit.page
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Readers see it now")
    told = page.get_by_role("region", name="Worth a look")
    expect(told).to_contain_text("skips a level")
    check(visit)
    page.get_by_label("Text", exact=True).fill("Words.")
    expect(told).not_to_be_attached()
