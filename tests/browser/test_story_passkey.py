"""A passkey is made, signs in, proves it again, and is taken away."""

import pytest
from playwright.sync_api import expect

from tests.browser.newcomers import check, give_password, plug_in, site_named
from tests.browser.visit import DESK, PHONE, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(server_uri, tmp_path_factory):
    with site_named("passkeys", server_uri, tmp_path_factory) as site:
        yield site


@pytest.fixture
def readers(browser, site):
    with Visitor(browser, site.address) as visitor:
        yield visitor


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_passkey_from_making_to_removing(readers, site, width):
    visit = readers.open("/account/sign-in?next=/account/passkeys", width=width)
    page = visit.page
    plug_in(page)
    check(visit)
    give_password(page)
    page.wait_for_url("**/account/passkeys")
    expect(page.get_by_text("You have no passkey yet")).to_be_visible()
    check(visit)
    page.get_by_label("Name").fill("the laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("cell", name="the laptop", exact=True)).to_be_visible()
    expect(page.get_by_role("cell", name="localhost")).to_be_visible()
    check(visit)

    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("has a passkey for this account already")

    page.goto(f"{site.address}/account")
    page.get_by_role("button", name="Sign out here").click()
    check(visit)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/studio")

    page.goto(f"{site.address}/account/passkeys")
    page.get_by_role("button", name="Remove the laptop").click()
    expect(page.get_by_text("You have no passkey yet")).to_be_visible()
    page.goto(f"{site.address}/account")
    page.get_by_role("button", name="Sign out here").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("does not open an account here")
    check(visit)
