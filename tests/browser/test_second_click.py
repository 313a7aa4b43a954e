"""The second page is there at once, without a script: made ready on the way to its link, and kept on the way back."""

import shutil

import pytest
from flask import request, request_started

from homeport.ops.process import wait_until
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.visit import Visitor

pytestmark = pytest.mark.browser

POST = "/posts/everything"
LINKS = """paths => document.querySelector('main').prepend(...paths.map((path, number) =>
  Object.assign(document.createElement('a'), {href: path, textContent: path, id: `link-${number}`})))"""
SHOWN = "addEventListener('pageshow', event => { window.wasKept = event.persisted; })"
NOT_FOR_READERS = ["/studio", "/account/", "/comments/x", "/feed.atom", "/?before=x"]


@pytest.fixture
def returning(browser, address):
    """Somebody whose browser keeps the page he leaves; the tests' own is told not to."""
    kind = browser.browser_type
    program = next(filter(None, map(shutil.which, CHROMIUM)))
    keeping = kind.launch(executable_path=program, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"])
    with Visitor(keeping, address) as visitor:
        yield visitor
    keeping.close()


@pytest.fixture
def asked():
    """What the site is asked for, and whether somebody reads it yet."""
    seen: list[tuple[str, str]] = []

    def note(_app: object, **_: object) -> None:
        seen.append((request.full_path.removesuffix("?"), request.headers.get("Sec-Purpose", "")))

    with request_started.connected_to(note):
        yield seen


def test_a_page_is_made_ready_while_the_pointer_rests_on_its_link_and_no_other_is(visitor, asked):
    page = visitor.open(POST).page
    page.evaluate(LINKS, [*NOT_FOR_READERS, "/archive"])
    for number in range(len(NOT_FOR_READERS) + 1):
        page.locator(f"#link-{number}").hover()
        page.wait_for_timeout(300)
    assert wait_until(lambda: ("/archive", "prefetch;prerender") in asked, 10)
    assert [path for path, purpose in asked if purpose] == ["/archive"]


def test_the_page_that_a_reader_comes_back_to_was_kept(returning):
    page = returning.open("/").page
    page.add_init_script(SHOWN)
    page.goto(page.url)
    page.evaluate("document.querySelector('main a[href^=\"/posts/\"]').click()")
    page.wait_for_url("**/posts/**")
    # Playwright's own way back waits for a page that loads, and a kept one does not.
    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_function("location.pathname === '/' && window.wasKept", timeout=10_000)
