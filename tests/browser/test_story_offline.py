"""The connection goes away while somebody writes, the window too, and the sign-in: nothing is lost, and it is said."""

import json
import re

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.desk import Writers, check, close_offline, desk_named, text_of, wait_until_saved, write
from tests.browser.visit import Visitor

pytestmark = pytest.mark.browser

KEPT = "() => Object.keys(localStorage).filter(key => key.startsWith('homeport.kept.')).length"


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with desk_named("offline", server_uri, tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def writers(browser, desk):
    with Visitor(browser, desk.address) as visitor:
        yield Writers(visitor, desk)


def _says(page: Page, words: str) -> None:
    expect(page.locator("#saved")).to_contain_text(words)


def _answer(page: Page, status: int, data: dict[str, object], **headers: str) -> None:
    """Let the server answer saves like this until further notice."""

    def fulfil(route: Route) -> None:
        if route.request.method == "POST":
            body = json.dumps(data)
            route.fulfill(status=status, body=body, content_type="application/json", headers=headers)
        else:
            route.fallback()

    page.route(re.compile(r"/studio/entries/[^/]*/save$"), fulfil)


def test_offline_and_back_while_writing(writers, desk):
    visit = writers.open(desk.draft(title="Train", source="Before the tunnel."))
    page, context = visit.page, visit.page.context
    context.set_offline(True)
    write(page, " In the tunnel.")
    _says(page, "Offline: kept on this computer.")
    assert visit.ask(KEPT) == 1
    check(visit)
    context.set_offline(False)
    wait_until_saved(page)
    write(page, " After the tunnel.")
    wait_until_saved(page)
    page.reload()
    assert text_of(page) == "Before the tunnel. In the tunnel. After the tunnel."


def test_a_window_that_is_closed_offline_offers_its_text_when_it_is_opened_again(writers, desk):
    path = desk.draft(title="Boat", source="On land.\n")
    visit = writers.open(path)
    context = visit.page.context
    context.set_offline(True)
    write(visit.page, "At sea.\n")
    _says(visit.page, "Offline: kept on this computer.")
    close_offline(visit.page)
    context.set_offline(False)

    visit.page = page = context.new_page()
    page.goto(desk.address + path)
    offer = page.get_by_role("region", name="Not saved: Boat")
    expect(offer).to_be_visible()
    assert text_of(page) == "On land.\n"
    offer.get_by_text("What is different").click()
    expect(offer.locator("ins")).to_have_text("At sea.")
    check(visit)

    # Whoever looks away without an answer is asked again.
    page.reload()
    offer.get_by_role("button", name="Take it").click()
    assert text_of(page) == "On land.\nAt sea.\n"
    wait_until_saved(page)
    page.reload()
    assert text_of(page) == "On land.\nAt sea.\n"
    expect(offer).to_have_count(0)


def test_a_text_that_was_never_stored_waits_in_the_next_new_entry(writers, desk):
    visit = writers.open("/studio/entries/new")
    context = visit.page.context
    context.set_offline(True)
    visit.page.keyboard.type("Island")
    write(visit.page, "No signal here.")
    _says(visit.page, "Offline: kept on this computer.")
    close_offline(visit.page)
    context.set_offline(False)

    page = context.new_page()
    page.goto(desk.address + "/studio/entries/new")
    page.get_by_role("region", name="Not saved: Island").get_by_role("button", name="Take it").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Island")
    wait_until_saved(page)
    page.goto(desk.address + "/studio/entries?q=Island")
    expect(page.get_by_role("link", name="Island")).to_have_count(1)


def test_what_is_thrown_away_is_asked_for_once_more(writers, desk):
    path = desk.draft(title="Paper", source="Kept.\n")
    visit = writers.open(path)
    context = visit.page.context
    context.set_offline(True)
    write(visit.page, "Thrown away.\n")
    _says(visit.page, "Offline")
    close_offline(visit.page)
    context.set_offline(False)
    page = context.new_page()
    page.goto(desk.address + path)
    questions: list[str] = []

    def answer(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.accept() if len(questions) > 1 else dialog.dismiss()

    page.on("dialog", answer)
    throw_away = page.get_by_role("button", name="Throw it away")
    throw_away.click()
    expect(throw_away).to_be_visible()
    throw_away.click()
    expect(throw_away).to_have_count(0)
    assert len(questions) == 2
    assert page.evaluate(KEPT) == 0
    assert text_of(page) == "Kept.\n"


def test_what_another_open_window_keeps_is_left_to_it(writers, desk):
    path = desk.draft(title="Two", source="One.\n")
    visit = writers.open(path)
    visit.page.context.set_offline(True)
    write(visit.page, "Two.\n")
    _says(visit.page, "Offline")
    visit.page.route("**/save", lambda route: route.abort())
    visit.page.context.set_offline(False)
    other = visit.page.context.new_page()
    other.goto(desk.address + path)
    other.wait_for_timeout(500)
    expect(other.get_by_role("button", name="Take it")).to_have_count(0)


def test_a_lost_answer_is_no_conflict_and_makes_no_second_entry(writers, desk):
    page = writers.open("/studio/entries/new").page
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(str(route.fetch().status))
            route.abort()
        else:
            route.continue_()

    page.route("**/studio/entries", lose)
    page.keyboard.type("Echo")
    write(page, "Once.")
    wait_until_saved(page)
    assert lost == ["201"]
    expect(page.get_by_role("region", name="Notice")).to_have_count(0)
    page.goto(desk.address + "/studio/entries?q=Echo")
    expect(page.get_by_role("link", name="Echo")).to_have_count(1)


def test_who_is_signed_out_while_writing_signs_in_elsewhere_and_goes_on(writers, desk):
    visit = writers.open(desk.draft(title="Night", source="Late.\n"))
    page, context = visit.page, visit.page.context
    context.clear_cookies()
    write(page, "Later.\n")
    _says(page, "You are signed out: kept on this computer.")
    link = page.get_by_role("link", name="Sign in in another tab")
    expect(link).to_have_attribute("href", "/account/sign-in")
    expect(link).to_have_attribute("target", "_blank")
    check(visit)
    writers.sign_in(context)
    page.evaluate("() => dispatchEvent(new Event('focus'))")
    wait_until_saved(page)


def test_nobody_saves_under_somebody_elses_name(writers, desk):
    page = writers.open(desk.draft(title="Names", source="Mine.\n")).page
    writers.sign_in(page.context, desk.grace)
    write(page, "Mine too.\n")
    _says(page, "You are signed out")
    assert page.evaluate(KEPT) == 1


@pytest.mark.parametrize(
    ("status", "data", "says"),
    [
        (503, {"message": "Back in a moment"}, "The server does not answer: kept on this computer."),
        (429, {"message": "Too often"}, "Saved too often: kept on this computer, and sent in 1 seconds."),
        (413, {"message": "Too large"}, "Too long for this site: kept on this computer."),
        (410, {"message": "It is gone."}, "Not saved: It is gone. It is kept on this computer."),
    ],
)
def test_what_the_server_does_not_take_is_kept_and_sent_again(writers, desk, status, data, says):
    page = writers.open(desk.draft(title="Refused", source="Old.\n")).page
    _answer(page, status, data, **{"Retry-After": "1"} if status == 429 else {})
    write(page, "New.\n")
    _says(page, says)
    assert page.evaluate(KEPT) == 1
    page.unroute_all()
    if status in (413, 410):
        write(page, "Less.\n")
    wait_until_saved(page)


def test_a_page_is_left_unasked_only_when_its_text_is_safe(writers, desk):
    page = writers.open(desk.draft(title="Leaving", source="Old.\n")).page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.context.set_offline(True)
    write(page, "Kept here.\n")
    _says(page, "kept on this computer")
    page.context.set_offline(False)
    page.route("**/save", lambda route: route.abort())
    page.goto(desk.address + "/studio")
    assert asked == []

    page.goto(desk.address + desk.draft(title="Full", source="Old.\n"))
    page.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') } }"
    )
    write(page, "Kept nowhere.\n")
    _says(page, "this browser cannot keep it, so leave this page open")
    page.goto(desk.address + "/studio")
    assert asked == ["beforeunload"]


def test_signing_out_takes_kept_texts_along_and_says_so(writers, desk):
    path = desk.draft(title="Out", source="Old.\n")
    # Who signs out here takes nobody else's sign-in along.
    visit = writers.open(path, token=desk.sign_in_ada())
    page, context = visit.page, visit.page.context
    context.set_offline(True)
    write(page, "New.\n")
    _says(page, "Offline")
    close_offline(page)
    context.set_offline(False)
    page = context.new_page()
    page.goto(desk.address + "/account")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.get_by_role("button", name="Sign out here").click()
    expect(page).to_have_url(re.compile("sign-in"))
    assert "never saved" in asked[0]
    assert page.evaluate(KEPT) == 0
