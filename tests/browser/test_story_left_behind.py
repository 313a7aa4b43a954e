"""A text that only this computer has is told of wherever entries are listed, so that nobody forgets it."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, func, select, update

from homeport.blog.models import Entry
from tests.browser.desk import Writers, check, close_offline, desk_named, text_of, wait_until_saved, write
from tests.browser.visit import PHONE, Visitor

pytestmark = pytest.mark.browser

ONE = "1 text is kept on this computer and was never saved"


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with desk_named("left_behind", server_uri, tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def writers(browser, desk):
    with Visitor(browser, desk.address) as visitor:
        yield Writers(visitor, desk)


@pytest.fixture
def leave(writers):
    """Write something without a connection, and close the window."""

    def leave(path, text, **options):
        visit = writers.open(path, **options)
        context = visit.page.context
        context.set_offline(True)
        if path.endswith("new"):
            visit.page.keyboard.type("Island")
        write(visit.page, text)
        expect(visit.page.locator("#saved")).to_contain_text("kept on this computer")
        close_offline(visit.page)
        context.set_offline(False)
        visit.page = context.new_page()
        return visit

    return leave


@pytest.mark.parametrize("where", ["/studio", "/studio/entries"])
def test_it_is_told_and_leads_to_its_entry(leave, desk, where):
    path = desk.draft(title="Boat", source="On land.\n")
    visit = leave(path, "At sea.\n", width=PHONE)
    page = visit.page
    page.goto(desk.address + where)
    kept = page.get_by_role("region", name=ONE)
    expect(kept.get_by_role("listitem")).to_contain_text("Boat")
    expect(kept.get_by_role("listitem")).to_contain_text(re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d"))
    check(visit)
    kept.get_by_role("link", name="Open: Boat").click()
    expect(page).to_have_url(desk.address + path)
    page.get_by_role("button", name="Take it").click()
    assert text_of(page) == "On land.\nAt sea.\n"
    wait_until_saved(page)
    page.goto(desk.address + where)
    page.wait_for_load_state("networkidle")
    expect(page.locator("#kept")).to_be_hidden()


def test_a_text_that_never_had_an_entry_leads_to_a_new_one(leave, desk):
    page = leave("/studio/entries/new", "No signal.").page
    page.goto(desk.address + "/studio")
    page.get_by_role("region", name=ONE).get_by_role("link", name="Open: Island").click()
    expect(page.get_by_role("region", name="Not saved: Island")).to_be_visible()


@pytest.mark.parametrize("is_for_good", [False, True])
def test_a_text_whose_entry_was_deleted_becomes_a_draft_of_its_own(leave, desk, is_for_good):
    path = desk.draft(title="Wreck", source="Whole.\n", slug=f"wreck-{is_for_good}".lower())
    page = leave(path, "Broken.\n").page
    public_id = path.rpartition("/")[2]
    with desk.database.transaction() as session:
        if is_for_good:
            session.execute(delete(Entry).where(Entry.public_id == public_id))
        else:
            session.execute(update(Entry).where(Entry.public_id == public_id).values(deleted_at=func.now()))
    page.goto(desk.address + "/studio/entries")
    page.get_by_role("link", name="Open as a new draft: Wreck").click()
    page.get_by_role("region", name="Not saved: Wreck").get_by_role("button", name="Take it").click()
    wait_until_saved(page)
    assert text_of(page) == "Whole.\nBroken.\n"
    with desk.database.transaction() as session:
        found = session.scalars(select(Entry.public_id).where(Entry.title == "Wreck", Entry.deleted_at.is_(None)))
        assert public_id not in map(str, found)
    page.goto(desk.address + "/studio/entries")
    expect(page.get_by_role("link", name="Wreck").first).to_be_visible()
    expect(page.locator("#kept")).to_be_hidden()


def test_what_the_server_turns_out_to_have_is_not_told(leave, desk):
    path = desk.draft(title="Known", source="Old.\n")
    page = leave(path, "New.\n").page
    with desk.database.transaction() as session:
        entry = session.scalars(select(Entry).where(Entry.public_id == path.rpartition("/")[2])).one()
        entry.source = "Old.\nNew.\n"
    page.goto(desk.address + "/studio")
    page.wait_for_function("() => !Object.keys(localStorage).some(key => key.startsWith('homeport.kept.'))")
    expect(page.locator("#kept")).to_be_hidden()


def test_another_account_hears_nothing_of_it(leave, writers, desk):
    page = leave(desk.draft(title="Mine", source="Old.\n"), "New.\n").page
    writers.sign_in(page.context, desk.grace)
    page.goto(desk.address + "/studio")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#kept")).to_be_hidden()
