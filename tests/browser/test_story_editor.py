"""Somebody writes: buttons, undo, a preview that is the published page, words counted, saved without asking."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from homeport.blog.models import Entry
from tests.browser.desk import Writers, check, desk_named, text_of, wait_until_saved, write
from tests.browser.seed import EVERYTHING
from tests.browser.visit import DESK, PHONE, Visitor

pytestmark = pytest.mark.browser

PAGE_BYTES = 150_000

BUTTONS = (
    *("Bold", "Italic", "Link", "Heading", "Quote", "List", "Numbered list", "Task list"),
    *("Code", "Code block", "Callout", "Table", "Footnote", "Mathematics"),
)

# What readers say below it is not the author's.
PROSE = """() => {
  const entry = document.querySelector('.entry').cloneNode(true);
  entry.querySelector('.conversation')?.remove();
  return entry.outerHTML.replace(/\\s+/g, ' ');
}"""

WEIGHT = """async () => {
  const names = [location.href, ...performance.getEntriesByType('resource').map(each => each.name)];
  return [names.length, performance.getEntries().reduce((sum, each) => sum + (each.transferSize || 0), 0)];
}"""


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with desk_named("writing", server_uri, tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def writers(browser, desk):
    with Visitor(browser, desk.address) as visitor:
        yield Writers(visitor, desk)


def _press(page: Page, name: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def _undo(page: Page) -> None:
    page.keyboard.press("Control+z")


def _plain(html: str) -> str:
    """Leave out the second of publishing, and what the frame does to links: they lead out of it and stop no Tab."""
    return re.sub(r' target="_blank"| tabindex="-1"|about:srcdoc|(?<=datetime=")[^"]*', "", html)


def _titles(desk) -> list[str | None]:
    with desk.database.transaction() as session:
        return list(session.scalars(select(Entry.title).order_by(Entry.id)))


def test_a_new_entry_is_an_empty_page_with_a_cursor(writers, desk):
    visit = writers.open("/studio/entries/new")
    page = visit.page
    expect(page.get_by_label("Title", exact=True)).to_be_focused()
    check(visit)
    before = len(_titles(desk))
    page.keyboard.type("The harbour")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    page.keyboard.type("It")
    expect(page.locator(".head")).to_contain_text("1 word, 1 min")
    page.keyboard.type(" is calm. It is early.")
    expect(page.locator("#words")).to_have_text("6")
    wait_until_saved(page)
    expect(page).to_have_url(re.compile(r"/studio/entries/[0-9a-f-]{36}$"))
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_visible()
    page.keyboard.type(" And cold.")
    expect(page.locator("#words")).to_have_text("8")
    page.wait_for_timeout(2500)
    wait_until_saved(page)
    assert _titles(desk)[before:] == ["The harbour"]
    page.reload()
    assert text_of(page) == "It is calm. It is early. And cold."
    expect(page.get_by_label("Address", exact=True)).to_have_value("the-harbour")
    check(visit)


def test_an_empty_page_that_is_left_leaves_nothing(writers, desk):
    page = writers.open("/studio/entries/new").page
    before = len(_titles(desk))
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    page.wait_for_timeout(2500)
    page.goto(desk.address + "/studio/entries")
    assert len(_titles(desk)) == before


def test_the_address_follows_the_title_while_nobody_has_named_it(writers, desk):
    page = writers.open(desk.draft(title="First", slug="first")).page
    for title in ("Second", "Third"):
        page.get_by_label("Title", exact=True).fill(title)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#slug")).to_have_value(title.lower())


def test_every_button_is_taken_back_by_the_browsers_own_undo(writers, desk):
    text = "One word\n\nAnother line"
    visit = writers.open(desk.draft(title="Undo", source=text))
    page = visit.page
    area = page.get_by_label("Text", exact=True)
    for name in BUTTONS:
        area.evaluate("area => area.setSelectionRange(4, 8)")
        _press(page, name)
        assert text_of(page) != text, name
        for _ in range(2 if name == "Footnote" else 1):
            _undo(page)
        assert text_of(page) == text, name
    assert visit.messages == []


def test_marks_come_and_go(writers, desk):
    page = writers.open(desk.draft(title="Marks", source="One word")).page
    area = page.get_by_label("Text", exact=True)
    area.evaluate("area => area.setSelectionRange(4, 8)")
    _press(page, "Bold")
    assert text_of(page) == "One **word**"
    _press(page, "Italic")
    assert text_of(page) == "One ***word***"
    _press(page, "Bold")
    _press(page, "Italic")
    assert text_of(page) == "One word"


def test_the_preview_is_the_page_that_is_published(writers, desk):
    visit = writers.open(desk.draft(title="The harbour", source="Calm.", slug="everything"))
    page, frame = visit.page, visit.page.frame_locator("#preview iframe")
    expect(frame.get_by_text("Calm.")).to_be_visible()
    page.get_by_label("Text", exact=True).fill(EVERYTHING)
    expect(frame.get_by_role("heading", name="Long things")).to_be_attached()
    wait_until_saved(page)
    shown = page.locator("#preview iframe").element_handle().content_frame().evaluate(PROSE)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Readers see it now")
    page.goto(desk.address + "/posts/everything")
    assert _plain(shown) == _plain(page.evaluate(PROSE))


def test_the_preview_keeps_its_place_and_changes_only_what_changed(writers, desk):
    source = "\n\n".join(f"## Part {number}\n\nWords of part {number}." for number in range(60))
    page = writers.open(desk.draft(title="Long", source=source)).page
    frame = page.frame_locator("#preview iframe")
    expect(frame.get_by_text("Words of part 59.")).to_be_attached()
    inside = page.locator("#preview iframe").element_handle().content_frame()
    inside.evaluate("document.querySelector('#part-0').isSame = true")
    write(page, " The end.")
    expect(frame.get_by_text("Words of part 59. The end.")).to_be_in_viewport()
    assert inside.evaluate("document.querySelector('#part-0').isSame")
    at = inside.evaluate("scrollY")
    page.keyboard.insert_text(" Really.")
    expect(frame.get_by_text("Words of part 59. The end. Really.")).to_be_in_viewport()
    assert abs(inside.evaluate("scrollY") - at) < 50
    page.get_by_label("Text", exact=True).evaluate("area => area.setSelectionRange(0, 0)")
    expect(frame.get_by_text("Words of part 0.")).to_be_in_viewport()


def test_a_preview_whose_style_sheet_was_lost_asks_for_it_again(writers, desk):
    path = desk.draft(title="Bare", source="Words.")
    page = writers.open("/studio").page
    page.route("**/site.css", lambda route: route.abort())
    page.goto(desk.address + path)
    frame = page.frame_locator("#preview iframe")
    expect(frame.get_by_text("Words.")).to_be_visible()
    page.unroute_all()
    write(page, " More.")
    expect(frame.get_by_text("Words. More.")).to_be_visible()
    expect(frame.locator(".prose")).to_have_css("font-family", re.compile("Charter"))


def test_nothing_in_the_preview_runs_and_its_links_stay_out_of_the_editor(writers, desk):
    source = "[up](#down) [away](/posts/x)\n\n<script>top.document.title = 'taken'</script>\n\n## Down\n"
    visit = writers.open(desk.draft(title="Safe", source=source))
    page, frame = visit.page, visit.page.frame_locator("#preview iframe")
    frame.get_by_role("link", name="up").click()
    expect(frame.get_by_role("heading", name="Down")).to_be_visible()
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="away").click()
    assert opened.value.url.endswith("/posts/x")
    assert page.title() == "Safe · The house"
    assert visit.messages == []


def test_what_cannot_be_stored_is_said_and_the_rest_is_saved(writers, desk):
    path = desk.draft(title="Faults", source="Old.")
    visit = writers.open(path)
    page = visit.page
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Address", exact=True).fill("No Good")
    write(page, " New.")
    expect(page.locator("#saved")).to_have_text("Saved, but not: address", timeout=10_000)
    expect(page.get_by_label("Address", exact=True)).to_have_accessible_description(re.compile("small letters"))
    check(visit)
    page.get_by_label("Address", exact=True).fill("good")
    wait_until_saved(page)
    page.reload()
    assert text_of(page) == "Old. New."
    expect(page.get_by_label("Address", exact=True)).to_have_value("good")


def test_advice_is_looked_up_again_when_the_text_is_saved(writers, desk):
    page = writers.open(desk.draft(title="Advice", source="![](/media/x.png)")).page
    page.get_by_role("button", name="Settings").click()
    advice = page.locator("#checks")
    expect(advice).to_contain_text("The description is empty")
    page.get_by_label("Description", exact=True).fill("Of what it is.")
    expect(advice).not_to_contain_text("The description is empty", timeout=10_000)


def test_a_page_that_shows_what_is_saved_waits_for_it(writers, desk):
    page = writers.open(desk.draft(title="Wait", source="Old.")).page
    write(page, " New.")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("link", name="Revisions").click()
    expect(page).to_have_url(re.compile("/revisions$"))
    page.go_back()
    assert text_of(page) == "Old. New."


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_each_pane_is_for_everybody(writers, desk, width, scheme):
    visit = writers.open(desk.draft(title="Panes", source=EVERYTHING), width=width, color_scheme=scheme)
    for pane in ("Preview", "Settings", "Settings" if width == DESK else "Write"):
        visit.page.get_by_role("group", name="Show").get_by_role("button", name=pane).click()
        check(visit)
    visit.page.get_by_role("button", name="Keys", exact=True).click()
    expect(visit.page.get_by_role("dialog", name="Keys")).to_be_visible()
    check(visit)


def test_the_whole_page_is_light(writers, desk):
    visit = writers.open(desk.draft(title="Light", source="Words."))
    visit.page.wait_for_load_state("networkidle")
    count, weight = visit.ask(WEIGHT)
    assert 0 < weight < PAGE_BYTES, (count, weight)


def test_an_editor_that_came_in_part_says_so_before_a_word_is_lost(writers, desk):
    visit = writers.open("/studio")
    page = visit.page
    page.route("**/editor-help*.js", lambda route: route.abort())
    page.goto(f"{desk.address}/studio/entries/new")
    expect(page.get_by_role("alert")).to_contain_text("nothing is saved by itself")
    page.get_by_label("Text", exact=True).fill("Words that nobody keeps.")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()


@pytest.mark.parametrize("width", [1024, DESK, 1600])
def test_the_whole_menu_is_in_sight(writers, width):
    page = writers.open("/studio/entries/new").page
    page.set_viewport_size({"width": width, "height": 900})
    cut = """() => [...document.querySelectorAll('.bar nav a')].filter(link => {
      const box = link.getBoundingClientRect(), nav = link.parentElement.getBoundingClientRect();
      return box.width === 0 || box.right > nav.right + 1 || box.right > innerWidth;
    }).map(link => link.textContent)"""
    assert page.evaluate(cut) == []
    expect(page.locator(".bar").get_by_role("link", name="Jobs")).to_be_in_viewport(ratio=1)
