"""From the link in the terminal to an empty page with a cursor."""

import pytest
from playwright.sync_api import expect

from tests.browser.newcomers import check, plug_in, site_named
from tests.browser.visit import PHONE, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def site(server_uri, tmp_path_factory, request):
    with site_named(f"setup_{request.node.name[-9:]}", server_uri, tmp_path_factory, is_owned=False) as site:
        yield site


@pytest.fixture
def readers(browser, site):
    with Visitor(browser, site.address) as visitor:
        yield visitor


def test_a_name_a_password_and_one_touch(readers, site):
    visit = readers.open("/setup", width=PHONE)
    check(visit)
    plug_in(visit.page)
    path = site.setup_path()
    visit.page.goto(site.address + path)
    page = visit.page
    expect(page.get_by_label("Make a passkey, too")).to_be_checked()
    check(visit)
    page.get_by_label("Name of the site").fill("Notes from a hill")
    page.get_by_label("Your name").fill("Maria da Silva")
    expect(page.get_by_label("Name to sign in with")).to_have_value("maria-da-silva")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_label("Show the password").check()
    page.get_by_label("Password", exact=True).fill("seven quiet lanterns")
    page.get_by_role("button", name="Begin to write").click()
    page.wait_for_url("**/studio/entries/new")

    page.goto(f"{site.address}/account")
    expect(page.get_by_text("1, for localhost")).to_be_visible()
    check(visit)
    page.get_by_role("button", name="Sign out here").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/studio")

    stranger = readers.open("/setup")
    stranger.page.goto(site.address + path)
    expect(stranger.page.get_by_role("heading", name="This link is used up")).to_be_visible()


def test_without_scripts(readers, site):
    visit = readers.open(site.setup_path(), java_script_enabled=False)
    page = visit.page
    page.get_by_label("Name of the site").fill("Notes from a hill")
    page.get_by_label("Your name").fill("Maria da Silva")
    page.get_by_label("Password", exact=True).fill("Maria da Silva")
    page.get_by_role("button", name="Begin to write").click()
    page.wait_for_url("**/studio/entries/new")
    page.goto(f"{site.address}/account")
    expect(page.get_by_text("You sign in as maria-da-silva")).to_be_visible()
