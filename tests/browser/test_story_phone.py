"""Somebody writes on a phone of 360 pixels: one pane at a time, the buttons in one line, nothing under the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Writers, check, desk_named, wait_until_saved
from tests.browser.visit import OVERFLOW, PHONE, Visitor

pytestmark = pytest.mark.browser

WITH_KEYBOARD = {"width": PHONE, "height": 380}

SMALL = """() => [...document.querySelectorAll('main button, main a, main summary, .bar a, .bar button')]
  .filter(each => each.checkVisibility() && !each.closest('p, li'))
  .map(each => [each.textContent || each.ariaLabel, each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([name, box]) => `${name} ${box.width} x ${box.height}`)"""

CARET_IS_SEEN = """() => {
  const area = document.querySelector('#source').getBoundingClientRect();
  const tools = document.querySelector('.tools').getBoundingClientRect();
  return tools.top === 0 && area.bottom <= innerHeight + 40 && area.bottom > tools.bottom;
}"""


# Where the line with the cursor is drawn: a copy of the text up to it, as wide and as high as the field.
LINE = """() => {
  const area = document.querySelector('#source');
  const copy = document.createElement('div');
  const style = getComputedStyle(area);
  for (const name of ['font', 'lineHeight', 'padding', 'tabSize', 'letterSpacing']) copy.style[name] = style[name];
  Object.assign(copy.style, {position: 'absolute', whiteSpace: 'pre-wrap', overflowWrap: 'break-word'});
  copy.style.width = `${area.clientWidth}px`;
  copy.style.boxSizing = 'border-box';
  const cursor = document.createElement('span');
  cursor.textContent = '|';
  copy.append(area.value.slice(0, area.selectionEnd), cursor);
  document.body.append(copy);
  const top = area.getBoundingClientRect().top + cursor.offsetTop;
  const bottom = top + cursor.offsetHeight;
  copy.remove();
  return {top, bottom};
}"""

IS_COVERED = f"""() => {{
  const {{top, bottom}} = ({LINE})();
  if (top < 0 || bottom > innerHeight) return `outside: ${{top}} to ${{bottom}} of ${{innerHeight}}`;
  const found = [top + 1, bottom - 1].map(y => document.elementFromPoint(innerWidth / 2, y));
  return found.every(each => each.id === 'source') ? '' : `under ${{found.map(each => each.outerHTML.slice(0, 60))}}`;
}}"""


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with desk_named("phone", server_uri, tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def open_page(browser, desk):
    with Visitor(browser, desk.address) as visitor:

        def open_page(path):
            return Writers(visitor, desk).open(path, width=PHONE, has_touch=True, is_mobile=True)

        yield open_page


def test_the_whole_way_of_a_text(open_page, desk):
    visit = open_page("/studio/entries/new")
    page = visit.page
    check(visit)
    assert visit.ask(SMALL) == []
    page.get_by_label("Title", exact=True).tap()
    page.keyboard.type("On the road")
    page.get_by_label("Text", exact=True).tap()
    page.keyboard.type("A stop ")
    page.get_by_role("button", name="Italic").tap()
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    page.keyboard.type("by the sea")
    wait_until_saved(page)
    check(visit)

    show = page.get_by_role("group", name="Show")
    show.get_by_role("button", name="Preview").tap()
    expect(page.frame_locator("#preview iframe").locator("em")).to_have_text("by the sea")
    expect(page.get_by_label("Text", exact=True)).to_be_hidden()
    assert visit.ask(OVERFLOW) == 0
    show.get_by_role("button", name="Settings").tap()
    page.get_by_label("Tags", exact=True).fill("sea")
    wait_until_saved(page)
    check(visit)
    show.get_by_role("button", name="Write").tap()
    page.get_by_role("button", name="Publish", exact=True).tap()
    expect(page.get_by_role("status")).to_contain_text("Readers see it now")
    page.goto(desk.address + "/posts/on-the-road")
    expect(page.locator(".prose em")).to_have_text("by the sea")


def test_the_buttons_are_one_line_that_scrolls_and_all_can_be_reached(open_page, desk):
    visit = open_page(desk.draft(title="Buttons", source="Words."))
    page = visit.page
    bar = page.get_by_role("toolbar")
    assert bar.bounding_box()["height"] < 60
    page.get_by_role("button", name="Mathematics").scroll_into_view_if_needed()
    page.get_by_role("button", name="Mathematics").tap()
    expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile(r"\$"))
    assert visit.ask(OVERFLOW) == 0
    assert visit.ask(SMALL) == []


def test_what_is_typed_is_above_the_keyboard_and_below_the_buttons(open_page, desk):
    visit = open_page(desk.draft(title="Long", source="\n\n".join(["A line of words."] * 60)))
    page = visit.page
    page.set_viewport_size(WITH_KEYBOARD)
    page.get_by_label("Text", exact=True).focus()
    page.keyboard.press("Control+End")
    for word in ("The", " end", " of", " it."):
        page.keyboard.insert_text(word)
    page.wait_for_function(CARET_IS_SEEN)
    wait_until_saved(page)


def test_nothing_covers_the_line_that_is_written(open_page, desk):
    visit = open_page(desk.draft(title="Covered", source="\n\n".join(f"Line {number} of it." for number in range(80))))
    page = visit.page
    page.set_viewport_size(WITH_KEYBOARD)
    area = page.get_by_label("Text", exact=True)
    area.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("The end")
    assert visit.ask(IS_COVERED) == ""
    for _ in range(40):
        page.keyboard.press("ArrowUp")
        assert visit.ask(IS_COVERED) == ""
    page.keyboard.type("Here")
    assert visit.ask(IS_COVERED) == ""
    page.get_by_role("button", name="Heading", exact=True).tap()
    assert visit.ask(IS_COVERED) == ""
    for _ in range(40):
        page.keyboard.press("ArrowDown")
        assert visit.ask(IS_COVERED) == ""
    # Somebody looks elsewhere and goes on typing.
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.type(" again")
    assert visit.ask(IS_COVERED) == ""
    page.keyboard.press("Control+Home")
    page.keyboard.type("First")
    assert visit.ask(IS_COVERED) == ""
