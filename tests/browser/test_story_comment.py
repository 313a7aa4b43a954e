"""A stranger comments without scripts, the author approves and answers by keyboard, the stranger mends a word."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import make_url

from homeport.accounts.signins import open_sign_in
from homeport.db.session import Database
from homeport.site.actions import update_site
from homeport.web.crosssite import LOCAL_COOKIE
from tests.browser.conftest import _site
from tests.browser.visit import DESK, FAINT, OVERFLOW, PHONE, Visit, Visitor
from tests.factories.blog import make_entry
from tests.factories.members import make_account

pytestmark = pytest.mark.browser

PATH = "/posts/hill"


@dataclass
class Site:
    """Where the story happens, and the cookie of the one who writes there."""

    address: str
    token: str


@pytest.fixture(scope="module")
def site(server_uri, tmp_path_factory):
    with _site(server_uri, "conversation", tmp_path_factory.mktemp("conversation"), is_filled=False) as address:
        database = Database(make_url(server_uri).set(database="conversation").render_as_string(hide_password=False))
        with database.transaction() as session:
            update_site(session, title="The house", author_name="Ada")
            make_entry(session, slug="hill", title="The hill", source="Rain since five.\n")
            token = open_sign_in(session, make_account(session, name="ada").id, method="password")
        yield Site(address, token)
        database.dispose()


@pytest.fixture
def readers(browser, site):
    with Visitor(browser, site.address) as visitor:
        yield visitor


def _author(readers: Visitor, site: Site, path: str, **options) -> Visit:
    visit = readers.open("/", **options)
    visit.page.context.add_cookies([{"name": LOCAL_COOKIE, "value": site.token, "url": site.address}])
    visit.page.goto(site.address + path)
    return visit


def _check(visit: Visit) -> None:
    assert visit.ask(OVERFLOW) == 0
    assert visit.ask(FAINT) == []
    assert visit.complaints == []


def _send(page: Page) -> None:
    # Nobody has read their own words again in less than three seconds.
    page.wait_for_timeout(3100)
    page.get_by_role("button", name="Send comment").click()


def test_a_stranger_comments_and_the_author_answers(readers, site):
    stranger = readers.open(PATH, width=PHONE)
    page = stranger.page
    _check(stranger)
    page.get_by_label("Comment").fill("So **true**.\n\n> Rain since five.")
    page.get_by_label("Name").fill("Grace")
    page.get_by_label("Mail").fill("grace@example.org")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".comment strong")).to_have_text("true")
    _check(stranger)
    _send(page)
    expect(page.get_by_text("waits until its author has read it")).to_be_visible()
    _check(stranger)
    assert stranger.cookies == []

    author = _author(readers, site, "/studio/comments", width=DESK)
    desk = author.page
    _check(author)
    desk.keyboard.press("j")
    desk.keyboard.press("r")
    expect(desk.get_by_label("Reply as")).to_be_focused()
    desk.get_by_label("Reply as").fill("Thank you, Grace.")
    desk.get_by_role("button", name="Send reply").click()
    expect(desk.get_by_text("You last sent a reply.")).to_be_visible()

    reader = readers.open(PATH, width=PHONE)
    expect(reader.page.locator(".replies .comment")).to_contain_text("Thank you, Grace.")
    _check(reader)

    page.reload()
    page.get_by_role("link", name="Edit it").click()
    _check(stranger)
    page.get_by_label("Comment").fill("So *very* true.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("waits until its author has read it")).to_be_visible()

    desk.goto(f"{site.address}/studio/comments")
    desk.keyboard.press("j")
    with desk.expect_navigation():
        desk.keyboard.press("a")
    reader.page.reload()
    expect(reader.page.locator(".comment em")).to_have_text("very")
    expect(reader.page.locator("#comments")).to_contain_text("2 comments")


def test_it_works_without_scripts_and_undo_brings_back(readers, site):
    stranger = readers.open(PATH, java_script_enabled=False)
    stranger.page.get_by_label("Comment").fill("Cheap pills!")
    stranger.page.get_by_label("Name").fill("Best Deals")
    stranger.page.get_by_role("button", name="Preview").click()
    _send(stranger.page)

    author = _author(readers, site, "/studio/comments", java_script_enabled=False)
    card = author.page.locator(".queued", has_text="Cheap pills!")
    card.get_by_role("button", name="Spam").click()
    expect(author.page.get_by_text("Cheap pills!")).to_have_count(0)
    author.page.get_by_role("button", name="Undo").click()
    expect(author.page.get_by_text("Cheap pills!")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("path", ["/studio/comments?tab=shown", "/studio/comments?tab=spam", "/studio/comments/person"])
def test_the_author_s_pages_are_for_everybody(readers, site, path, width, scheme):
    visit = _author(readers, site, path, width=width, color_scheme=scheme)
    _check(visit)
    assert visit.messages == []


def test_a_form_with_faults_says_them_where_they_are(readers, site):
    visit = readers.open(PATH, width=PHONE)
    visit.ask("document.querySelector('form').noValidate = true")
    visit.page.get_by_label("Mail").fill("nonsense")
    visit.page.get_by_role("button", name="Preview").click()
    expect(visit.page.get_by_label("Name")).to_have_accessible_description("Say who you are; any name will do.")
    _check(visit)
