"""A site of its own for a story about writing: Ada owns it, Grace edits it, and each may have several windows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import make_url, select

from homeport.accounts.models import Account
from homeport.accounts.signins import open_sign_in
from homeport.db.session import Database
from homeport.site.actions import update_site
from homeport.web.crosssite import LOCAL_COOKIE
from tests.browser.conftest import _site
from tests.browser.visit import DESK, FAINT, OVERFLOW, Visit, Visitor
from tests.factories.blog import make_draft
from tests.factories.members import make_account

LET_PASS = ("Failed to load resource", "net::ERR_")
"""What Chromium itself notes about refusals and lost connections, which are part of the stories."""

STORED = """() => {
  const { elements } = document.querySelector('#editor');
  const { title } = JSON.parse(elements.base_fields.value);
  const isKept = Object.keys(localStorage).some(key => key.startsWith('homeport.kept.'));
  return elements.source.value === elements.base_source.value && elements.title.value === title && !isKept;
}"""
"""Whether the server has what the form says."""

TRIES = 10
"""Chromium drops what it is loading whenever a network of the machine comes or goes, such as a container's."""

# Whoever runs these tests may run others beside them.
expect.set_options(timeout=20_000)
_numbers = count(1)


@dataclass
class Desk:
    """Where a story happens."""

    address: str
    database: Database
    ada: str
    grace: str

    def draft(self, **fields: object) -> str:
        """Store a draft of Ada's and return the path of its editor."""
        with self.database.transaction() as session:
            fields = {"slug": f"draft-{next(_numbers)}"} | fields
            return f"/studio/entries/{make_draft(session, **fields).public_id}"

    def sign_in_ada(self) -> str:
        """Return the token of a sign-in of Ada's that a story may end."""
        with self.database.transaction() as session:
            [account_id] = session.scalars(select(Account.id).where(Account.name == "ada"))
            return open_sign_in(session, account_id, method="password")


@contextmanager
def desk_named(name: str, server_uri: str, folders: pytest.TempPathFactory) -> Iterator[Desk]:
    """Serve an empty site for one story."""
    with _site(server_uri, name, folders.mktemp(name), is_filled=False) as address:
        database = Database(make_url(server_uri).set(database=name).render_as_string(hide_password=False))
        with database.transaction() as session:
            update_site(session, title="The house", author_name="Ada", time_zone="Europe/Berlin")
            ada, grace = make_account(session, name="ada"), make_account(session, "editor", name="grace")
            tokens = [open_sign_in(session, account.id, method="password") for account in (ada, grace)]
        yield Desk(address, database, *tokens)
        database.dispose()


class Writers:
    """Opens the studio's pages for those who write."""

    def __init__(self, visitor: Visitor, desk: Desk) -> None:
        self._visitor = visitor
        self._desk = desk

    def open(self, path: str, *, token: str = "", width: int = DESK, **options: object) -> Visit:
        """Open a page of the studio as Ada, or as whoever has the token, in a browser of their own."""
        visit = self._visitor.open("/", width=width, **options)
        self.sign_in(visit.page.context, token)
        for _ in range(TRIES):
            visit.messages.clear()
            visit.page.goto(self._desk.address + path, wait_until="load")
            if not any("ERR_NETWORK_CHANGED" in message for message in visit.messages):
                break
        return visit

    def sign_in(self, context: BrowserContext, token: str = "") -> None:
        """Give a browser the cookie of whoever has the token, or of Ada."""
        value = token or self._desk.ada
        context.add_cookies([{"name": LOCAL_COOKIE, "value": value, "url": self._desk.address}])


def text_of(page: Page) -> str:
    """Return what the editor's text says."""
    return page.locator("#source").input_value()


def write(page: Page, text: str) -> None:
    """Type at the end of the text."""
    area = page.get_by_label("Text", exact=True)
    area.focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)


def wait_until_saved(page: Page) -> None:
    """Wait until the server has everything."""
    page.wait_for_function(STORED)
    expect(page.locator("#saved")).to_contain_text("Saved")


def close_offline(page: Page) -> None:
    """Close a window that has no connection, so that nothing it says on its way arrives."""
    # The browser ends being offline a moment before the window is gone, and the page would use that moment to save.
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
    page.close()


def check(visit: Visit) -> None:
    """Look at a page as everybody has to be able to read it."""
    assert visit.ask(OVERFLOW) == 0
    assert visit.ask(FAINT) == []
    assert visit.complaints == []
    assert [message for message in visit.messages if not any(words in message for words in LET_PASS)] == []
