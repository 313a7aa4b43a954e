"""A post is written, formatted, described and published, and no hand ever leaves the keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Writers, check, desk_named, text_of, wait_until_saved
from tests.browser.visit import Visitor

pytestmark = pytest.mark.browser

FOCUS = "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.name"


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with desk_named("keyboard", server_uri, tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def visit(browser, desk):
    with Visitor(browser, desk.address) as visitor:
        yield Writers(visitor, desk).open("/studio/entries/new")


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        if page.evaluate(FOCUS) == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never comes to {name}")


def test_the_whole_way_from_an_empty_page_to_readers(visit, desk):
    page = visit.page
    page.keyboard.type("Keys")
    _press(page, "Enter")
    page.keyboard.type("Loud")
    _press(page, "Shift+Home", "Control+b", "End")
    page.keyboard.type(" and soft")
    _press(page, "Control+Shift+ArrowLeft", "Control+i", "End", "Enter", "Enter")
    page.keyboard.type("- one")
    _press(page, "Enter")
    page.keyboard.type("two")
    _press(page, "Control+]", "Enter", "Enter", "Control+[", "Enter")
    page.keyboard.type("chart")
    _press(page, "Control+Shift+ArrowLeft", "Control+k")
    page.keyboard.type("https://example.org/chart")
    assert text_of(page) == ("**Loud** and *soft*\n\n- one\n    - two\n\n[chart](https://example.org/chart)")
    _press(page, "Control+s")
    wait_until_saved(page)

    # From the text one step back to the buttons, arrows along them, and one step on out of the text.
    _press(page, "Control+End", "Shift+Tab")
    assert page.evaluate(FOCUS) == "Bold"
    _press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    assert page.evaluate(FOCUS) == "Heading"
    _press(page, "End")
    assert page.evaluate(FOCUS) == "Keys"
    _press(page, "ArrowRight")
    assert page.evaluate(FOCUS) == "Bold"
    _press(page, "ArrowLeft", "Enter")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    check(visit)
    _press(page, "Escape", "Tab")
    assert page.evaluate(FOCUS) == "source"

    page.get_by_role("button", name="Settings").focus()
    _press(page, "Enter")
    _tab_to(page, "description")
    page.keyboard.type("What keys can do.")
    _press(page, "Control+Shift+Enter")
    expect(page.get_by_role("status")).to_contain_text("Readers see it now")
    page.goto(desk.address + "/posts/keys")
    expect(page.locator(".prose strong")).to_have_text("Loud")
    expect(page.locator(".prose em")).to_have_text("soft")
    expect(page.locator(".prose li li")).to_have_text("two")
    assert page.locator("meta[name=description]").get_attribute("content") == "What keys can do."


def test_a_new_text_can_be_published_at_once(visit, desk):
    page = visit.page
    page.keyboard.type("At once")
    _press(page, "Enter")
    page.keyboard.type("Now.")
    _press(page, "Control+Shift+Enter")
    expect(page.get_by_role("status")).to_contain_text("Readers see it now")
    expect(page).to_have_url(re.compile(r"/studio/entries/[0-9a-f-]{36}\?done=published"))


def test_what_cannot_be_published_says_why_where_it_is(visit):
    page = visit.page
    _press(page, "Enter")
    page.keyboard.type("No title.")
    _press(page, "Control+Shift+Enter")
    expect(page.locator("#saved")).to_contain_text("Not published: Give it a title")
    expect(page.get_by_label("Title", exact=True)).to_be_focused()
    check(visit)


def test_tab_is_no_trap_and_the_palette_stays_where_it_is(visit):
    page = visit.page
    _press(page, "Enter")
    page.keyboard.type("Words")
    _press(page, "Tab")
    assert page.evaluate(FOCUS) != "source"
    assert text_of(page) == "Words"
    page.get_by_label("Title", exact=True).focus()
    _press(page, "Control+k")
    expect(page.get_by_role("dialog", name="Go to")).to_be_visible()


def test_words_that_are_being_composed_are_left_alone(visit):
    page = visit.page
    _press(page, "Enter")
    page.keyboard.type("- ")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.imeSetComposition", {"text": "に", "selectionStart": 1, "selectionEnd": 1})
    devtools.send("Input.insertText", {"text": "日本"})
    _press(page, "Enter")
    assert text_of(page) == "- 日本\n- "
    wait_until_saved(page)


def test_the_preview_is_one_step_on_the_way_and_not_one_for_each_of_its_links(visit):
    page, frame = visit.page, visit.page.frame_locator("#preview iframe")
    page.keyboard.type("Links")
    _press(page, "Enter")
    page.keyboard.type("[one](/a), [two](/b) and [three](#c)")
    page.get_by_role("button", name="Preview", exact=True).click()
    page.get_by_label("Text", exact=True).focus()
    expect(frame.get_by_role("link", name="three")).to_be_visible()
    passed = ""
    for _ in range(60):
        _press(page, "Tab")
        passed += page.evaluate("() => document.activeElement.tagName === 'IFRAME' ? 'x' : '.'")
    assert "x" in passed
    assert "xx" not in passed
