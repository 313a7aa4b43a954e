"""Pictures come in by choosing, dropping and without scripts; what they show is said in place; one in use is kept."""

import base64
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from sqlalchemy import make_url

from homeport.accounts.signins import open_sign_in
from homeport.db.session import Database
from homeport.jobs.queue import enqueue
from homeport.media.actions import add_upload
from homeport.site.actions import update_site
from homeport.web.crosssite import LOCAL_COOKIE
from tests.browser.conftest import _site
from tests.browser.visit import DESK, FAINT, OVERFLOW, PHONE, Visit, Visitor
from tests.factories.media import MAX_BYTES, a_drawing, a_movie, a_picture
from tests.factories.members import make_account

pytestmark = pytest.mark.browser

HARBOUR = {"name": "Harbour.png", "mimeType": "image/png", "buffer": a_picture(size=(200, 100))}
PROGRAM = {"name": "setup.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ\x00\x01"}

DROP = """bytes => {
  const transfer = new DataTransfer();
  const data = Uint8Array.from(atob(bytes), character => character.charCodeAt(0));
  transfer.items.add(new File([data], 'dropped.svg', {type: 'image/svg+xml'}));
  document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""


@dataclass
class Desk:
    """Where the story happens, and the cookie of the one who works there."""

    address: str
    token: str


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with _site(server_uri, "library", tmp_path_factory.mktemp("library"), is_filled=False) as address:
        database = Database(make_url(server_uri).set(database="library").render_as_string(hide_password=False))
        with database.transaction() as session:
            update_site(session, title="The house", author_name="Ada")
            token = open_sign_in(session, make_account(session, name="ada").id, method="password")
            add_upload(session, a_picture("JPEG"), "first.jpg", max_bytes=MAX_BYTES)
            enqueue(session, "mail.send", {"to": "grace@example.org", "subject": "A new comment"})
        with database.transaction() as session:
            session.connection().exec_driver_sql("update job set failed_at = now(), error = 'nobody lives there'")
        yield Desk(address, token)
        database.dispose()


@pytest.fixture
def author(browser, desk):
    with Visitor(browser, desk.address) as visitor:

        def open_page(path: str, **options) -> Visit:
            visit = visitor.open("/", **options)
            visit.page.context.add_cookies([{"name": LOCAL_COOKIE, "value": desk.token, "url": desk.address}])
            visit.page.goto(desk.address + path)
            return visit

        yield open_page


def _check(visit: Visit) -> None:
    assert visit.ask(OVERFLOW) == 0
    assert visit.ask(FAINT) == []
    assert visit.complaints == []


def test_files_come_in_and_are_described_where_they_lie(author):
    visit = author("/studio/media")
    page = visit.page
    _check(visit)
    page.get_by_label("Add files").set_input_files([HARBOUR, PROGRAM])
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("status")).to_contain_text("1 of 2 files are here now")
    expect(page.get_by_role("status")).to_contain_text("setup.exe is a program")
    _check(visit)
    page.get_by_role("link", name="Show them").click()
    card = page.get_by_role("listitem").filter(has_text="harbour.png")
    expect(card).to_contain_text("missing")
    card.get_by_label("What it shows").fill("The harbour at dawn")
    card.get_by_role("button", name="Save").click()
    expect(card).not_to_contain_text("missing")
    expect(card.get_by_role("img", name="The harbour at dawn")).to_be_visible()
    with page.expect_navigation():
        page.evaluate(DROP, base64.b64encode(a_drawing()).decode())
    expect(page.get_by_text("dropped.svg").first).to_be_visible()
    _check(visit)


def test_without_scripts_it_is_a_form(author):
    visit = author("/studio/media", java_script_enabled=False, width=PHONE)
    page = visit.page
    film = {"name": "Film.mp4", "mimeType": "video/mp4", "buffer": a_movie()}
    page.get_by_label("Add files").set_input_files([film])
    page.get_by_role("button", name="Upload").click()
    card = page.get_by_role("listitem").filter(has_text="film.mp4")
    card.get_by_role("link", name="Delete").click()
    expect(page.get_by_text("No entry uses it")).to_be_visible()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("film.mp4")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("path", ["/studio/media", "/studio/media?q=nothing", "/studio/media/1/delete", "/studio/jobs"])
def test_the_pages_are_for_everybody(author, path, width, scheme):
    visit = author(path, width=width, color_scheme=scheme)
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(re.compile("Media|Delete first.jpg|Jobs"))
    _check(visit)
    assert visit.messages == []
