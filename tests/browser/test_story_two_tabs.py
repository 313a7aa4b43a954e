"""Two people, or two windows, in one entry: lines of each come together, a choice is offered for the rest."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Writers, check, desk_named, text_of, wait_until_saved, write
from tests.browser.visit import DESK, PHONE, Visitor

pytestmark = pytest.mark.browser

TEXT = "One.\n\nTwo.\n\nThree.\n"


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with desk_named("meeting", server_uri, tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def writers(browser, desk):
    with Visitor(browser, desk.address) as visitor:
        yield Writers(visitor, desk)


def _change(page: Page, old: str, new: str) -> None:
    page.get_by_label("Text", exact=True).fill(text_of(page).replace(old, new))


def _stored(writers, path: str) -> str:
    return text_of(writers.open(path).page)


def test_lines_of_both_come_together_and_it_is_said(writers, desk):
    path = desk.draft(title="Calm", source=TEXT)
    ada, grace = writers.open(path), writers.open(path, token=desk.grace)
    _change(grace.page, "Three", "3")
    wait_until_saved(grace.page)
    _change(ada.page, "One", "1")
    notice = ada.page.get_by_role("region", name="Notice")
    expect(notice).to_contain_text("Grace saved a change at")
    notice.get_by_text("What was changed").click()
    expect(notice.locator("ins")).to_have_text("3.")
    wait_until_saved(ada.page)
    assert text_of(ada.page) == "1.\n\nTwo.\n\n3.\n"
    check(ada)
    notice.get_by_role("button", name="Close").click()
    expect(notice).to_have_count(0)
    assert _stored(writers, path) == "1.\n\nTwo.\n\n3.\n"


def test_the_cursor_stays_at_its_words_while_another_change_comes_in(writers, desk):
    path = desk.draft(title="Cursor", source=TEXT)
    ada, grace = writers.open(path).page, writers.open(path, token=desk.grace).page
    _change(grace, "One.", "One, and a good deal more.")
    wait_until_saved(grace)
    write(ada, "Four")
    expect(ada.get_by_role("region", name="Notice")).to_be_visible()
    ada.keyboard.insert_text(", five.")
    wait_until_saved(ada)
    assert text_of(ada) == "One, and a good deal more.\n\nTwo.\n\nThree.\nFour, five."


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        ("Yours", "One.\n\nTwo by Ada.\n\n3.\n"),
        ("Theirs", "One.\n\nTwo by Grace.\n\n3.\n"),
        ("Both, yours first", "One.\n\nTwo by Ada.\nTwo by Grace.\n\n3.\n"),
    ],
)
def test_where_both_changed_the_same_somebody_chooses(writers, desk, choice, text):
    path = desk.draft(title="Storm", source=TEXT)
    ada, grace = writers.open(path), writers.open(path, token=desk.grace)
    grace.page.get_by_label("Title", exact=True).fill("Storm of Grace")
    _change(grace.page, "Two.", "Two by Grace.")
    wait_until_saved(grace.page)
    ada.page.get_by_label("Title", exact=True).fill("Storm of Ada")
    _change(ada.page, "Two.\n\nThree.", "Two by Ada.\n\n3.")

    panel = ada.page.get_by_role("region", name="Two texts met")
    expect(panel).to_contain_text("Grace saved this at")
    expect(ada.page.locator("#saved")).to_contain_text("Two texts met, nothing is lost.")
    assert text_of(ada.page) == "One.\n\nTwo by Ada.\n\n3.\n"
    assert _stored(writers, path) == "One.\n\nTwo by Grace.\n\nThree.\n"
    panel.get_by_role("group", name="Place 1 of 1").get_by_label(choice, exact=True).check()
    panel.get_by_role("group", name="Title").get_by_label("Theirs", exact=True).check()
    panel.get_by_role("button", name="Use this and save").click()
    wait_until_saved(ada.page)
    assert text_of(ada.page) == text
    after = writers.open(path).page
    assert text_of(after) == text
    expect(after.get_by_label("Title", exact=True)).to_have_value("Storm of Grace")


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_choice_is_for_everybody(writers, desk, width, scheme):
    path = desk.draft(title="Choice", source=TEXT)
    ada, grace = writers.open(path, width=width, color_scheme=scheme), writers.open(path, token=desk.grace)
    _change(grace.page, "Two.", "Two by Grace.")
    wait_until_saved(grace.page)
    _change(ada.page, "Two.", "Two by Ada.")
    panel = ada.page.get_by_role("region", name="Two texts met")
    panel.get_by_text("Their whole text").click()
    check(ada)
    ada.page.get_by_role("link", name="Choose").click()
    expect(panel).to_be_in_viewport()


def test_what_is_written_before_the_choice_is_part_of_it(writers, desk):
    path = desk.draft(title="Late", source=TEXT)
    ada, grace = writers.open(path).page, writers.open(path, token=desk.grace).page
    _change(grace, "Two.", "Two by Grace.")
    wait_until_saved(grace)
    _change(ada, "Two.", "Two by Ada.")
    panel = ada.get_by_role("region", name="Two texts met")
    expect(panel).to_be_visible()
    write(ada, "Four.\n")
    panel.get_by_role("button", name="Use this and save").click()
    expect(panel).to_contain_text("You wrote more meanwhile")
    panel.get_by_role("button", name="Use this and save").click()
    wait_until_saved(ada)
    assert text_of(ada) == "One.\n\nTwo by Ada.\nTwo by Grace.\n\nThree.\nFour.\n"


def test_both_can_be_put_into_the_text_with_marks(writers, desk):
    path = desk.draft(title="Marks", source=TEXT)
    ada, grace = writers.open(path).page, writers.open(path, token=desk.grace).page
    _change(grace, "Two.", "Two by Grace.")
    wait_until_saved(grace)
    _change(ada, "Two.", "Two by Ada.")
    ada.get_by_role("button", name="Put both into the text, marked").click()
    expect(ada.get_by_role("region", name="Two texts met")).to_have_count(0)
    wait_until_saved(ada)
    marked = "<<<<<<< yours\nTwo by Ada.\n=======\nTwo by Grace.\n>>>>>>> saved by Grace"
    assert text_of(ada) == TEXT.replace("Two.", marked)


def test_ones_own_other_window_is_called_so(writers, desk):
    path = desk.draft(title="Own", source=TEXT)
    visit = writers.open(path)
    other = visit.page.context.new_page()
    other.goto(desk.address + path)
    _change(other, "One", "1")
    wait_until_saved(other)
    _change(visit.page, "Three", "3")
    expect(visit.page.get_by_role("region", name="Notice")).to_contain_text(
        "You yourself, in another window, saved a change"
    )


def test_what_was_written_offline_meets_what_was_saved_meanwhile(writers, desk):
    path = desk.draft(title="Tide", source=TEXT)
    ada, grace = writers.open(path).page, writers.open(path, token=desk.grace).page
    ada.context.set_offline(True)
    _change(ada, "One", "1")
    expect(ada.locator("#saved")).to_contain_text("Offline")
    ada.close()
    _change(grace, "Three", "3")
    wait_until_saved(grace)
    ada.context.set_offline(False)
    again = ada.context.new_page()
    again.goto(desk.address + path)
    again.get_by_role("button", name="Take it").click()
    expect(again.get_by_role("region", name="Notice")).to_contain_text("Grace saved a change")
    wait_until_saved(again)
    assert text_of(again) == "1.\n\nTwo.\n\n3.\n"


def test_what_another_window_published_is_not_taken_back(writers, desk):
    path = desk.draft(title="Press", source=TEXT)
    ada, grace = writers.open(path).page, writers.open(path, token=desk.grace).page
    grace.get_by_role("button", name="Publish", exact=True).click()
    expect(grace.get_by_role("status")).to_contain_text("Readers see it now")
    _change(ada, "One", "1")
    wait_until_saved(ada)
    ada.reload()
    expect(ada.locator("#state")).to_have_text("published")
    expect(ada.locator("#changed")).to_be_visible()
    expect(ada.get_by_role("button", name="Update", exact=True)).to_be_visible()


def test_what_a_page_came_with_is_not_saved_before_somebody_has_looked_through_it(writers, desk):
    path = desk.draft(title="Unlooked", source=TEXT)
    ada, grace = writers.open(path).page, writers.open(path, token=desk.grace).page
    # The scripts did not arrive, and arrive with the page that has both texts.
    ada.route(re.compile(r"/editor[a-z-]*\.js"), lambda route: route.abort())
    ada.reload()
    _change(grace, "Three", "3")
    wait_until_saved(grace)
    _change(ada, "One", "1")
    ada.unroute_all()
    ada.get_by_role("button", name="Save", exact=True).click()
    expect(ada.get_by_role("heading", name="Two texts met")).to_be_visible()
    expect(ada.get_by_role("toolbar")).to_be_visible()
    # Typing, and looking at another tab, is what makes it save by itself at other times.
    write(ada, "Four.\n")
    ada.wait_for_timeout(2500)
    ada.evaluate(
        """() => {
          Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    ada.wait_for_timeout(500)
    assert _stored(writers, path) == "One.\n\nTwo.\n\n3.\n"
    ada.get_by_role("button", name="Save", exact=True).click()
    wait_until_saved(ada)
    expect(ada.get_by_text("Nothing is saved until you save it")).to_have_count(0)
    assert _stored(writers, path) == "1.\n\nTwo.\n\n3.\nFour.\n"
