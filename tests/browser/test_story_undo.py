"""What was written is taken back in the order it was written, whatever was saved or came in meanwhile."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Writers, desk_named, text_of, wait_until_saved, write
from tests.browser.visit import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with desk_named("undo", server_uri, tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def writers(browser, desk):
    with Visitor(browser, desk.address) as visitor:
        yield Writers(visitor, desk)


def _around_cursor(page: Page) -> tuple[str, str]:
    """Return the words on both sides of the cursor."""
    before, after = page.locator("#source").evaluate(
        "area => [area.value.slice(0, area.selectionStart), area.value.slice(area.selectionEnd)]"
    )
    return before[-5:], after[:5]


def _press(page: Page, name: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def test_the_first_save_leaves_undo_and_the_cursor_where_they_were(writers):
    page = writers.open("/studio/entries/new").page
    page.keyboard.type("Harbour")
    page.keyboard.press("Enter")
    page.keyboard.type("Calm water.")
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    wait_until_saved(page)
    expect(page.locator("#slug")).to_have_value("harbour")
    assert _around_cursor(page) == ("Calm ", "water")
    page.keyboard.insert_text("deep ")
    wait_until_saved(page)
    page.keyboard.press("Control+z")
    assert text_of(page) == "Calm water."
    assert _around_cursor(page) == ("Calm ", "water")
    page.keyboard.press("Control+Shift+z")
    assert text_of(page) == "Calm deep water."


def test_buttons_and_words_are_taken_back_in_turn_across_saves(writers, desk):
    page = writers.open(desk.draft(title="Turns", source="One word")).page
    states = [text_of(page)]

    def done() -> None:
        states.append(text_of(page))
        assert states[-1] != states[-2]

    page.get_by_label("Text", exact=True).evaluate("area => (area.focus(), area.setSelectionRange(4, 8))")
    _press(page, "Bold")
    done()
    wait_until_saved(page)
    page.keyboard.press("End")
    page.keyboard.insert_text(" more")
    done()
    _press(page, "Heading")
    done()
    wait_until_saved(page)
    _press(page, "Quote")
    done()
    for state in reversed(states[:-1]):
        page.keyboard.press("Control+z")
        assert text_of(page) == state
    for state in states[1:]:
        page.keyboard.press("Control+Shift+z")
        assert text_of(page) == state


def test_what_comes_in_from_elsewhere_leaves_the_cursor_at_its_words(writers, desk):
    path = desk.draft(title="Both", source="First.\n\nSecond.\n\nThird.\n")
    ada, grace = writers.open(path).page, writers.open(path, token=desk.grace).page
    area = grace.get_by_label("Text", exact=True)
    area.evaluate("area => (area.focus(), area.setSelectionRange(0, 0))")
    grace.keyboard.insert_text("Before it all.\n\n")
    wait_until_saved(grace)
    ada.get_by_label("Text", exact=True).evaluate("area => (area.focus(), area.setSelectionRange(14, 14))")
    ada.keyboard.insert_text(" half")
    expect(ada.get_by_label("Text", exact=True)).to_have_value("Before it all.\n\nFirst.\n\nSecond half.\n\nThird.\n")
    assert _around_cursor(ada) == (" half", ".\n\nTh")
    wait_until_saved(ada)
    ada.keyboard.insert_text(" a")
    ada.keyboard.press("Control+z")
    assert _around_cursor(ada) == (" half", ".\n\nTh")
    write(ada, "End.\n")
    wait_until_saved(ada)
    assert text_of(ada) == "Before it all.\n\nFirst.\n\nSecond half.\n\nThird.\nEnd.\n"
