"""Codes from a phone are switched on, asked for, lost, and replaced by one from paper."""

import pyotp
import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from homeport.accounts.models import Account
from tests.browser.newcomers import check, give_password, site_named
from tests.browser.visit import PHONE, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(server_uri, tmp_path_factory):
    with site_named("codes", server_uri, tmp_path_factory) as site:
        yield site


@pytest.fixture
def readers(browser, site):
    with Visitor(browser, site.address) as visitor:
        yield visitor


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_phone_and_then_paper(readers, site, scripts):
    visit = readers.open("/account/sign-in?next=/account/codes", width=PHONE, java_script_enabled=scripts)
    page = visit.page

    def look() -> None:
        # The accessibility engine is a script itself.
        if scripts:
            check(visit)

    give_password(page)
    look()
    phone = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", ""))
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Switch codes on").click()
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    page.get_by_label("Code", exact=True).fill(phone.now())
    page.get_by_role("button", name="Switch codes on").click()
    paper = page.locator(".secret").inner_text().split()
    assert len(paper) == 10
    look()
    with site.database.transaction() as session:
        session.execute(update(Account).values(totp_used_step=0))

    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out here").click()
    give_password(page)
    look()
    page.get_by_label("Code", exact=True).fill(phone.now())
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/studio")

    page.goto(f"{site.address}/account")
    page.get_by_role("button", name="Sign out here").click()
    give_password(page)
    page.get_by_label("Code", exact=True).fill(paper[3].upper())
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/studio")
    page.goto(f"{site.address}/account/codes")
    expect(page.get_by_text("9 of 10 are left")).to_be_visible()
    look()
    page.get_by_role("button", name="Switch codes off").click()
    page.wait_for_url("**/account")
    expect(page.get_by_text("With them, a stolen password opens nothing")).to_be_visible()
