"""Renders what the page store lacks, so that "what there is" is the whole site when the database goes away."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from homeport.db.session import Database
from homeport.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

    from homeport.cache.store import PageStore

HEARING_SECONDS = 5.0
ENCODING = "br"
"""What nearly every browser asks for."""

Site = Callable[[Settings], tuple["Flask", "PageStore"]]

log = logging.getLogger("homeport.pages")


def make_site(settings: Settings) -> tuple["Flask", "PageStore"]:
    """Return an application of its own with its store, where there is none to be shared."""
    from homeport.app import STORED, create_app  # noqa: PLC0415 - most of the time nothing has changed
    from homeport.cache.opening import open_store  # noqa: PLC0415 - the web server imports this at its start
    from homeport.cache.shared import SharedRevision  # noqa: PLC0415 - the web server imports this at its start
    from homeport.cache.storing import Storing  # noqa: PLC0415 - the web server imports this at its start

    store = open_store(settings, SharedRevision())
    return create_app(settings, pages=Storing(store, STORED)), store


def render_missing(_: Database, settings: Settings, __: dict[str, Any], *, site: Site = make_site) -> None:
    """Render every page of the sitemap that is not stored, unless nothing has changed since the last time."""
    if not settings.server.has_page_store:
        return
    app, store = site(settings)
    # For a minute's pause its connections would only be in the way.
    database: Database = app.extensions["homeport"].database
    store.start()
    try:
        if store.listener.wait_until_current(HEARING_SECONDS) and store.note_rendered():
            log.info("pages were rendered before anybody asked for them: %s", _render(app, store, database))
    finally:
        store.stop()
        database.dispose()


def _render(app: "Flask", store: "PageStore", database: Database) -> int:
    from homeport.feeds.queries import walk_sitemap  # noqa: PLC0415 - the web server imports this at its start
    from homeport.site.queries import load_site  # noqa: PLC0415 - the web server imports this at its start

    client, count = app.test_client(), 0
    with database.reader() as connection:
        for location in walk_sitemap(connection, load_site(connection)):
            if store.find(location.path) is None:
                client.get(location.path, headers={"Accept-Encoding": ENCODING})
                count += 1
    return count
