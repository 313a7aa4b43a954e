"""Entries for tests: one function, sensible defaults, everything can be said otherwise."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from homeport.blog.actions import AuthorInput, EntryInput, create_entry
from homeport.blog.models import Entry

_numbers = count(1)
LONG_AGO = datetime(2020, 1, 15, 12, 0, tzinfo=UTC)


def make_entry(session: Session, **given: Any) -> Entry:
    """Store an entry: published long ago unless said otherwise."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "title": f"Entry {number}",
        "source": f"The text of entry {number}.\n",
        "state": "published",
        "published_at": LONG_AGO,
    }
    values.update(given)
    values["authors"] = tuple(AuthorInput(name) for name in values.get("authors", ()))
    return create_entry(session, EntryInput(**values))


def make_draft(session: Session, **given: Any) -> Entry:
    """Store a draft without a date."""
    return make_entry(session, **{"state": "draft", "published_at": None, **given})


def make_page(session: Session, **given: Any) -> Entry:
    """Store a published page."""
    return make_entry(session, **{"kind": "page", **given})
