"""Pictures are pasted, dropped and chosen into a text, on good and on bad connections."""

import base64

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.desk import Writers, check, desk_named, text_of, wait_until_saved, write
from tests.browser.visit import Visitor
from tests.factories.media import a_picture

pytestmark = pytest.mark.browser

GIVE = """([kind, files]) => {
  const data = new DataTransfer();
  for (const {name, type, bytes} of files) {
    data.items.add(new File([Uint8Array.from(atob(bytes), character => character.charCodeAt(0))], name, {type}));
  }
  const area = document.querySelector('#source');
  const more = {bubbles: true, cancelable: true};
  if (kind === 'paste') area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, ...more}));
  else document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: data, ...more}));
}"""


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with desk_named("pictures", server_uri, tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def visit(browser, desk):
    with Visitor(browser, desk.address) as visitor:
        yield Writers(visitor, desk).open(desk.draft(title="Pictures", source="Before.\n\n"))


def _picture(name: str, *, width: int) -> dict[str, str]:
    content = a_picture(size=(width, 100))
    return {"name": name, "type": "image/png", "bytes": base64.b64encode(content).decode()}


def _give(page: Page, kind: str, *files: dict[str, str]) -> None:
    page.evaluate(GIVE, [kind, list(files)])


def _held(page: Page) -> list[Route]:
    """Hold uploads back until somebody lets them go."""
    routes: list[Route] = []

    def hold(route: Route) -> None:
        routes.append(route)

    page.route("**/studio/media", hold)
    return routes


def test_a_pasted_picture_is_a_mark_first_and_then_markdown_that_asks_what_it_shows(visit):
    page, area = visit.page, visit.page.get_by_label("Text", exact=True)
    held = _held(page)
    write(page, "")
    _give(page, "paste", _picture("crane.png", width=120))
    expect(area).to_have_value("Before.\n\n![Uploading crane.png …]()")
    expect(page.get_by_role("progressbar", name="Upload")).to_be_visible()
    check(visit)
    page.wait_for_timeout(3000)
    stored = page.locator("[name=base_source]").input_value()
    assert "Uploading" not in stored
    held.pop().continue_()
    expect(area).not_to_have_value("Before.\n\n![Uploading crane.png …]()")
    expect(page.locator("#saved")).to_contain_text("Now write what the picture shows")
    page.keyboard.type("A crane at dawn")
    wait_until_saved(page)
    assert "![A crane at dawn](/media/" in text_of(page)
    expect(page.frame_locator("#preview iframe").get_by_role("img", name="A crane at dawn")).to_be_visible()


def test_dropped_pictures_come_in_order_while_somebody_goes_on_writing(visit):
    page = visit.page
    held = _held(page)
    write(page, "")
    _give(page, "drop", _picture("first.png", width=130), _picture("second.png", width=140))
    page.keyboard.insert_text("\n\nAfter.")
    page.wait_for_function("() => document.querySelector('#source').value.includes('After.')")
    while len(held) < 1:
        page.wait_for_timeout(50)
    held.pop().continue_()
    while len(held) < 1:
        page.wait_for_timeout(50)
    held.pop().continue_()
    expect(page.get_by_role("progressbar", name="Upload")).to_be_hidden()
    text = text_of(page)
    assert text.index("first.png)") < text.index("second.png)") < text.index("After.")
    assert text.endswith("After.")
    wait_until_saved(page)


def test_files_are_chosen_with_a_button(visit):
    page = visit.page
    write(page, "")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Image or file").click()
    chooser.value.set_files([{"name": "setup.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ\x00\x01"}])
    notice = page.get_by_role("region", name="Notice")
    expect(notice).to_contain_text("setup.exe is a program")
    assert text_of(page) == "Before.\n\n"
    check(visit)


def test_an_upload_without_a_connection_leaves_a_sentence_and_can_be_tried_again(visit):
    page = visit.page
    write(page, "")
    page.context.set_offline(True)
    _give(page, "paste", _picture("lost.png", width=150))
    notice = page.get_by_role("region", name="Notice")
    expect(notice).to_contain_text("lost.png: the connection was lost")
    assert text_of(page) == "Before.\n\n"
    page.context.set_offline(False)
    notice.get_by_role("button", name="Try again").click()
    page.wait_for_function("() => document.querySelector('#source').value.includes('lost.png)')")
    expect(notice).to_have_count(0)
    wait_until_saved(page)


def test_a_picture_that_is_described_already_keeps_its_words(visit, desk):
    page = visit.page
    picture = _picture("known.png", width=160)
    write(page, "")
    _give(page, "paste", picture)
    expect(page.locator("#saved")).to_contain_text("Now write what the picture shows")
    wait_until_saved(page)
    page.goto(desk.address + "/studio/media")
    card = page.get_by_role("listitem").filter(has_text="known.png")
    card.get_by_label("What it shows").fill("A known crane")
    card.get_by_role("button", name="Save").click()
    page.goto(desk.address + "/studio/entries/new")
    _give(page, "paste", picture)
    page.wait_for_function("() => document.querySelector('#source').value.includes('known.png)')")
    assert text_of(page).startswith("![A known crane](/media/")
