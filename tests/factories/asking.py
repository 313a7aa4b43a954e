"""Asks any route of the application as anybody, about anybody's things, with a form that it takes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from homeport.accounts.permissions import Permission
from homeport.accounts.tokens import make_token
from homeport.app import create_app
from homeport.db.model import Base
from homeport.db.session import Database
from homeport.settings import Settings
from homeport.web.crosssite import LOCAL_COOKIE
from homeport.web.slots import Kernel
from tests.conftest import OneConnection
from tests.factories.house import House, build_house
from tests.factories.media import a_picture
from tests.factories.members import make_member
from tests.factories.templates import keep_templates

Asked = tuple[TestResponse, list[str]]
BROWSER = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
# What is sent. Names in braces are things of the house: those of the author who is meant, or those that all share.
FORMS = {
    "/studio/entries": {"title": "New", "source": "Words."},
    "/studio/entries/<uuid:public_id>/save": {"source": "Other words.", "version": "{version}"},
    "/studio/entries/<uuid:public_id>/share": {"days": "7"},
    "/studio/preview": {"id": "{draft}", "source": "Words."},
    "/studio/media": {"file": "a picture"},
    "/studio/media/<int:media_id>": {"alt": "A hill"},
    "/studio/media/<int:media_id>/delete": {"although_used": "yes"},
    "/studio/comments/decisions": {"one": "approve {comment} {seen}"},
    "/studio/comments/<uuid:public_id>/reply": {"text": "Thank you.", "seen": "{seen}"},
    "/studio/comments/<uuid:public_id>/text": {"text": "Other words.", "seen": "{seen}"},
    "/studio/comments/person": {"who": "reader@example.org"},
    "/studio/comments/person/erase": {"who": "reader@example.org", "sure": "yes"},
    "/studio/tags/<slug>": {"title": "Home"},
    "/studio/tags/<slug>/merge": {"into": "garden"},
    "/studio/series/<slug>": {"title": "Notes"},
    "/studio/redirects": {"path": "/old", "target": "/archive"},
    "/studio/redirects/remove": {"path": "/former"},
    "/studio/settings": {
        "title": "The house",
        "language": "en",
        "time_zone": "UTC",
        "permalink_pattern": "/posts/{{slug}}",
        "accent": "#224466",
        "font": "serif",
        "comment_rule": "hold",
    },
    "/studio/people/invitations": {"role": "author"},
    "/studio/people/<name>/role": {"role": "editor"},
    "/account/name": {"display_name": "Somebody Else"},
    "/account/mail": {"email": "somebody@example.org"},
    "/account/password": {"password": "seven quiet lanterns"},
    "/account/prove": {"password": "not the right one"},
    "/account/tokens": {"name": "laptop", "scope": "read", "days": "30"},
    "/account/sign-in": {"name": "nobody", "password": "not the right one"},
    "/account/join/<token>": {
        "display_name": "Ida Rhodes",
        "account_name": "ida",
        "password": "seven quiet lanterns",
    },
    "/account/reset/<token>": {"password": "seven quiet lanterns"},
    "/comments/<uuid:entry_id>": {"name": "Grace", "text": "True."},
    "/comments/<uuid:entry_id>/preview": {"name": "Grace", "text": "True."},
    "/comments/edit/<signed>": {"name": "Grace", "text": "Even truer."},
}
# Which thing a place in an address is, by how the route begins; the first that fits.
PLACES = (
    (r"/studio/entries/.*/(unpublish|unlist)$", "public_id", "public"),
    (r"/studio/entries/<uuid:public_id>/restore$", "public_id", "deleted"),
    (r"/studio/entries/.*/revisions/", "number", "revision"),
    (r"/studio/entries/.*/share/", "number", "link"),
    (r"/studio/entries/", "public_id", "draft"),
    (r"/studio/comments/", "public_id", "comment"),
    (r"/studio/comments/blocks", "block_id", "block"),
    (r"/studio/media/", "media_id", "media"),
    (r"/studio/jobs/", "job_id", "job"),
    (r"/studio/people/invitations/", "number", "invitation"),
    (r"/studio/tokens/|/account/tokens/", "number", "api_token"),
    (r"/account/sign-ins/", "number", "sign_in"),
    (r"/account/passkeys/", "number", "passkey"),
    (r"/preview/", "token", "shared"),
    (r"/comments/", "entry_id", "public"),
    (r"/comments/", "comment_id", "comment"),
    (r"/comments/edit/", "signed", "edit"),
    (r"/comments/receipt/", "signed", "receipt"),
    (r"/account/join/", "token", "join"),
    (r"/account/reset/", "token", "reset"),
)
FIXED = {"name": "bob", "token": "unknown"}
SLUGS = {"tags": "house", "series": "letters"}

# What counts tries and holds what was asked lives on when the rest is refused; it tells nothing and opens nothing.
COUNTERS = {"rate_count", "challenge"}


@dataclass
class Asker:
    """Asks as somebody, about somebody's things, and takes back what the answer changed."""

    app: Flask
    house: House
    connection: Connection
    session: Session

    def ask(self, who: str | None, method: str, rule: str, *, about: str = "bob", address: str | None = None) -> Asked:
        """Return the answer to a form that the route takes, and in which tables it changed anything."""
        things = self.things(about)
        address = address.format_map(things) if address else self.address(rule, about=about)
        before = self._state()
        with self.taken_back():
            form = self.form(method, rule, about=about)
            answer = self.client(who).open(address, method=method, data=form, headers=self._headers(who))
            answer.get_data()
            answer.close()
            after = self._state()
            return answer, [table for table in before if after[table] != before[table]]

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Undo everything that is stored in the block."""
        savepoint = self.connection.begin_nested()
        try:
            yield
        finally:
            savepoint.rollback()

    def things(self, about: str) -> dict[str, Any]:
        """Return somebody's things, and those of all, by name."""
        return {**self.house.shared, "shown": self.house.shared["comment"], **self.house.things[about]}

    def client(self, who: str | None) -> FlaskClient:
        """Return a browser of somebody's."""
        client = self.app.test_client()
        if who in self.house.tokens:
            client.set_cookie(LOCAL_COOKIE, self.house.tokens[who], domain="localhost")
        return client

    def _headers(self, who: str | None) -> dict[str, str]:
        return {**BROWSER, "Authorization": f"Bearer {self.house.tokens['api']}"} if who == "token" else BROWSER

    def address(self, rule: str, *, about: str = "bob") -> str:
        """Return an address of the route, about somebody's thing where it is about a thing."""
        things = self.things(about)

        def fill(match: re.Match[str]) -> str:
            name = match[1].rpartition(":")[2]
            if name == "slug":
                return SLUGS[rule.split("/")[2]]
            thing = next((thing for begin, part, thing in PLACES if part == name and re.match(begin, rule)), None)
            return str(things[thing]) if thing else FIXED[name]

        return re.sub(r"<([^>]+)>", fill, rule)

    def form(self, method: str, rule: str, *, about: str = "bob") -> dict[str, Any] | None:
        """Return the fields of a form that the route takes."""
        if method == "GET":
            return None
        form: dict[str, Any] = {
            name: value.format_map(self.things(about)) for name, value in FORMS.get(rule, {}).items()
        }
        return form | {"file": (BytesIO(a_picture(size=(7, 7))), "new.png")} if "file" in form else form

    def _state(self) -> dict[str, str | None]:
        parts = " union all ".join(
            f"select '{table}', md5(string_agg(md5(t::text), '' order by md5(t::text))) from {table} t"
            for table in sorted(set(Base.metadata.tables) - COUNTERS)
        )
        return {row[0]: row[1] for row in self.connection.execute(text(parts))}


@contextmanager
def standing_house(database: Database, folder: Path) -> Iterator[Asker]:
    """Build the house in a transaction of its own, for all tests of a module, and let the application serve it."""
    with database.engine.connect() as connection:
        transaction = connection.begin()
        settings = Settings.from_env({"DATA_DIR": str(folder), "FLASK_KEY": "a key that only tests use"})
        app = keep_templates(create_app(settings, database=OneConnection(database, connection)))
        app.config["PROPAGATE_EXCEPTIONS"] = True
        kernel: Kernel = app.extensions["homeport"]
        kernel.is_schema_ready = True
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            house = build_house(session)
            house.tokens["api"] = make_token(session, make_member(session), "all of it", list(Permission), days=30)
            session.commit()
            yield Asker(app, house, connection, session)
        transaction.rollback()
