"""Sites of their own for stories about accounts, and a device that holds passkeys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page
from sqlalchemy import func, make_url, update

from homeport.accounts.actions import create_account
from homeport.accounts.links import HOUR
from homeport.accounts.setup import make_setup_link
from homeport.db.session import Database
from homeport.handlers import JOB_HANDLERS
from homeport.jobs.doing import Doer
from homeport.jobs.models import Job
from homeport.jobs.registry import Registry
from homeport.settings import Settings
from tests.browser.conftest import _site
from tests.browser.visit import FAINT, OVERFLOW, Visit

NAME, PASSWORD = "ada", "seven quiet lanterns"


@dataclass
class Site:
    """A site that nobody has set up, or whose only account is Ada's."""

    address: str
    database: Database
    settings: Settings

    def setup_path(self) -> str:
        """Return the path of a new setup link."""
        with self.database.transaction() as session:
            return make_setup_link(session, life=HOUR)

    def do_jobs(self) -> None:
        """Do what waits, as the worker does beside a site, and what would wait a little longer too."""
        doer, is_more = Doer(self.database, self.settings, Registry(JOB_HANDLERS)), True
        while is_more:
            with self.database.transaction() as session:
                session.execute(update(Job).values(run_at=func.now()))
            is_more = doer.do_next()


@contextmanager
def site_named(name: str, server_uri: str, folders: pytest.TempPathFactory, *, is_owned: bool = True) -> Iterator[Site]:
    """Serve an empty site by this machine's own name, without which there are no passkeys."""
    folder = folders.mktemp(name)
    settings = Settings.from_env({"DATA_DIR": str(folder), "FLASK_KEY": "a key that only tests use"})
    with _site(server_uri, name, folder, is_filled=False) as address:
        database = Database(make_url(server_uri).set(database=name).render_as_string(hide_password=False))
        if is_owned:
            with database.transaction() as session:
                create_account(session, NAME, PASSWORD, role="owner", display_name="Ada Lovelace")
        yield Site(address.replace("127.0.0.1", "localhost"), database, settings)
        database.dispose()


def plug_in(page: Page) -> None:
    """Give the browser a device that makes passkeys and always finds its owner's finger on it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def give_password(page: Page) -> None:
    """Fill the door's form and send it."""
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_in(visit: Visit, site: Site, goes_to: str = "/studio") -> Page:
    """Come in by the door, and go on to a page."""
    visit.page.goto(f"{site.address}/account/sign-in?next={goes_to}")
    give_password(visit.page)
    visit.page.wait_for_url(f"**{goes_to}")
    return visit.page


def check(visit: Visit) -> None:
    """Look at a page as everybody has to be able to read it."""
    assert visit.ask(OVERFLOW) == 0
    assert visit.ask(FAINT) == []
    assert visit.complaints == []
    # Chromium notes every refused form, and the refusals are part of the story.
    assert [message for message in visit.messages if "Failed to load resource" not in message] == []
