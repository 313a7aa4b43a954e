"""Somebody gives a text the picture above it, from their own computer and without a word of the media library."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Writers, check, desk_named, wait_until_saved
from tests.browser.visit import DESK, PHONE, Visitor
from tests.factories.media import a_picture

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with desk_named("cover", server_uri, tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def writers(browser, desk):
    with Visitor(browser, desk.address) as visitor:
        yield Writers(visitor, desk)


def _choose(page, name, data):
    page.get_by_role("group", name="Show").get_by_role("button", name="Settings").click()
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name="Upload a picture").click()
    asked.value.set_files([{"name": name, "mimeType": "image/png", "buffer": data}])


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_picture_is_sent_described_and_stands_above_the_text(writers, desk, width):
    visit = writers.open(desk.draft(title="Covered", source="Words."), width=width)
    page = visit.page
    _choose(page, "hill.png", a_picture("PNG"))
    words = page.get_by_label("Words for those who do not see it")
    expect(words).to_be_focused()
    expect(page.locator("#settings img.cover")).to_be_visible()
    page.keyboard.type("A hill at dusk")
    check(visit)
    wait_until_saved(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Readers see it now")
    page.get_by_role("link", name="See it on the site").click()
    expect(page.get_by_role("img", name="A hill at dusk")).to_be_visible()


def test_what_is_no_picture_is_refused_and_the_former_cover_stays(writers, desk):
    page = writers.open(desk.draft(title="Bare", source="Words.")).page
    _choose(page, "notes.txt", b"only words")
    expect(page.locator("#saved")).to_have_attribute("data-tone", "bad")
    expect(page.locator("#settings img.cover")).to_have_count(0)
    assert page.get_by_label("Image", exact=True).input_value() == ""
