"""Renders what the page store lacks, so that "what there is" is the whole site when the database goes away."""

import logging
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from homeport.db.session import Database
from homeport.settings import Settings

HEARING_SECONDS = 5.0
ENCODING = "br"
"""What nearly every browser asks for."""

log = logging.getLogger("homeport.pages")


def render_missing(database: Database, settings: Settings, _payload: dict[str, Any]) -> None:
    """Render every page of the sitemap that is not stored, unless nothing has changed since the last time."""
    if not settings.server.has_page_store:
        return
    from homeport.app import page_store  # noqa: PLC0415 - most of the time nothing has changed
    from homeport.cache.shared import SharedRevision  # noqa: PLC0415

    store = page_store(settings, SharedRevision())
    store.start()
    try:
        if store.listener.wait_until_current(HEARING_SECONDS) and store.note_rendered():
            count = _render(database, settings, store)
            log.info("pages were rendered before anybody asked for them: %s", count)
    finally:
        store.stop()


def _render(database: Database, settings: Settings, store: Any) -> int:
    from homeport.app import STORED, create_app  # noqa: PLC0415
    from homeport.cache.storing import Storing  # noqa: PLC0415

    client = create_app(settings, database=database, pages=Storing(store, STORED)).test_client()
    count = 0
    with database.reader() as connection:
        for path in _paths(connection, settings):
            if store.find(path) is None:
                client.get(path, headers={"Accept-Encoding": ENCODING})
                count += 1
    return count


def _paths(connection: Connection, settings: Settings) -> Iterator[str]:
    from homeport.feeds.queries import walk_sitemap  # noqa: PLC0415
    from homeport.site.queries import load_site  # noqa: PLC0415

    for location in walk_sitemap(connection, load_site(connection, address=settings.site_url)):
        yield location.path
