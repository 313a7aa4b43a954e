"""The jobs of the search index; both may be done twice without harm."""

from typing import Any

from homeport.db.session import Database
from homeport.search.index import index_entry, list_outdated
from homeport.settings import Settings

BATCH = 50


def index(database: Database, settings: Settings, payload: dict[str, Any]) -> None:  # noqa: ARG001 - a handler's form
    """Index the entry `entry_id` as it is now."""
    with database.transaction() as session:
        index_entry(session, payload["entry_id"])


def index_missing(database: Database, settings: Settings, payload: dict[str, Any]) -> None:  # noqa: ARG001 - likewise
    """Index every entry that the index does not know yet, some at a time, as after an import."""
    while True:
        with database.transaction() as session:
            outdated = list_outdated(session, limit=BATCH)
            for entry_id in outdated:
                index_entry(session, entry_id)
        if len(outdated) < BATCH:
            return
