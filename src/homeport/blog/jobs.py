"""What is done for entries when nobody waits: following up a publication, deleting for good."""

from typing import Any

from sqlalchemy import func, select

from homeport.blog.actions import announce_later, index_later
from homeport.blog.models import Entry
from homeport.blog.publishing import purge_deleted
from homeport.db.session import Database
from homeport.settings import Settings


def published(database: Database, _settings: Settings, payload: dict[str, Any]) -> None:
    """Do what follows when readers can see an entry; if it is to appear later by now, wait for that."""
    with database.transaction() as session:
        entry = session.get(Entry, payload["entry_id"])
        if entry is None or entry.deleted_at is not None or entry.state == "draft" or entry.published_at is None:
            return
        if entry.published_at > session.execute(select(func.now())).scalar_one():
            announce_later(session, entry, entry.published_at)
            return
        index_later(session, entry)


def purge_entries(database: Database, _settings: Settings, _payload: dict[str, Any]) -> None:
    """Delete for good what was deleted 30 days ago."""
    with database.transaction() as session:
        purge_deleted(session)
