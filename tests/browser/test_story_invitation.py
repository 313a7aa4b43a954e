"""An owner asks somebody in by a link, sees what they do, and shows them out."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.newcomers import PASSWORD, check, give_password, site_named
from tests.browser.visit import DESK, PHONE, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(server_uri, tmp_path_factory):
    with site_named("people", server_uri, tmp_path_factory) as site:
        yield site


@pytest.fixture
def readers(browser, site):
    with Visitor(browser, site.address) as visitor:
        yield visitor


def test_somebody_joins_and_leaves(readers, site):
    owner = readers.open("/account/sign-in?next=/studio/people", width=DESK)
    desk = owner.page
    give_password(desk)
    check(owner)
    desk.get_by_label("Who it is for").fill("Grace")
    desk.locator("#role").select_option("editor")
    desk.get_by_role("button", name="Make a link").click()
    link = desk.locator(".secret").inner_text()
    check(owner)

    guest = readers.open(link.removeprefix(site.address), width=PHONE)
    page = guest.page
    expect(page.get_by_text("You are invited as an editor")).to_be_visible()
    check(guest)
    page.get_by_label("Your name").fill("Grace Hopper")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    if page.get_by_label("Make a passkey, too").is_checked():
        page.get_by_label("Make a passkey, too").uncheck()
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/studio")
    page.goto(f"{site.address}/account/tokens")
    check(guest)
    page.get_by_label("What it is for").fill("laptop")
    page.get_by_role("button", name="Make a token").click()
    expect(page.locator(".secret")).to_have_text(re.compile("^hp_"))
    check(guest)
    assert page.goto(f"{site.address}/studio/people").status == 403

    desk.goto(f"{site.address}/studio/tokens")
    expect(desk.get_by_role("cell", name="laptop", exact=True)).to_be_visible()
    check(owner)
    desk.goto(f"{site.address}/studio/people")
    desk.get_by_role("button", name="Switch grace-hopper off").click()
    expect(desk.get_by_text("switched off")).to_be_visible()
    check(owner)
    page.goto(f"{site.address}/studio")
    page.wait_for_url("**/account/sign-in?next=/studio")

    desk.goto(f"{site.address}/studio/audit")
    for action in ("invited", "joined", "made the token", "switched off the account"):
        expect(desk.get_by_role("cell", name=action, exact=True)).to_be_visible()
    check(owner)
    desk.set_viewport_size({"width": PHONE, "height": 740})
    check(owner)
