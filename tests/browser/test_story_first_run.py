"""The first hour of a site: from the link in the terminal to a reader who looks at the first post's picture."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.newcomers import check, site_named
from tests.browser.visit import PHONE, Visitor
from tests.factories.media import a_noise

pytestmark = pytest.mark.browser

PICTURE = {"name": "Harbour at dawn.png", "mimeType": "image/png", "buffer": a_noise(size=(900, 480))}


@pytest.fixture
def site(server_uri, tmp_path_factory):
    with site_named("first_run", server_uri, tmp_path_factory, is_owned=False) as site:
        yield site


@pytest.fixture
def readers(browser, site):
    with Visitor(browser, site.address) as visitor:
        yield visitor


def test_from_the_terminal_to_the_first_reader(readers, site):
    author = readers.open(site.setup_path())
    page = author.page
    page.get_by_label("Name of the site").fill("Notes from a hill")
    page.get_by_label("Your name").fill("Maria Silva")
    page.get_by_label("Password", exact=True).fill("seven quiet lanterns")
    if page.get_by_label("Make a passkey, too").is_checked():
        page.get_by_label("Make a passkey, too").uncheck()
    page.get_by_role("button", name="Begin to write").click()
    page.wait_for_url("**/studio/entries/new")
    expect(page.get_by_label("Title", exact=True)).to_be_focused()

    page.goto(f"{site.address}/studio/media")
    page.get_by_label("Add files").set_input_files([PICTURE])
    page.get_by_role("button", name="Upload").click()
    card = page.get_by_role("listitem").filter(has_text="harbour-at-dawn.png")
    card.get_by_label("What it shows").fill("The harbour at dawn")
    card.get_by_role("button", name="Save").click()
    card.get_by_text("Markdown").click()
    markdown = card.locator("code").inner_text()
    assert markdown.startswith("![The harbour at dawn](/media/")

    page.goto(f"{site.address}/studio/entries/new")
    page.get_by_label("Title", exact=True).fill("The first morning")
    page.get_by_label("Text", exact=True).fill(f"It begins here.\n\n{markdown}\n")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Readers see it now")).to_be_visible()

    reader = readers.open("/", width=PHONE)
    reader.page.get_by_role("link", name="The first morning").first.click()
    picture = reader.page.get_by_role("img", name="The harbour at dawn")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 900
    assert reader.page.locator("picture").count() == 0

    site.do_jobs()
    reader.page.reload()
    expect(reader.page.locator("picture > source[type='image/avif']")).to_have_count(1)
    picture.evaluate("image => image.decode()")
    chosen = picture.evaluate("image => image.currentSrc")
    assert re.search(r"/media/[0-9a-f]{32}/w/(480|800)\.avif$", chosen)
    assert reader.cookies == []
    check(reader)
