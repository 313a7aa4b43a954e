"""Places that features fill from above, so that none of them imports what stands higher: `app.py` does the filling."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection, Engine

from homeport.db.session import Database
from homeport.settings import Settings
from homeport.web.meta import FeedLink


@dataclass(frozen=True, slots=True)
class EntryPart:
    """What a feature adds to an entry's page: HTML that is safe already, feeds, and facts for its structured data."""

    html: str
    feeds: tuple[FeedLink, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Kernel:
    """What one application object carries: its settings, its database, and the slots that features have filled."""

    settings: Settings
    database: Database
    prepare_schema: Callable[[Engine], str]
    current_site: Callable[[], Any] = lambda: None
    change_site: Callable[..., Any] = lambda _session, **_changes: frozenset()
    """Changes the site's settings; the site stands above the accounts, whose setup page asks for its name."""

    has_stored_pages: Callable[[], bool] = lambda: False
    """Says whether readers can be served while the database is away."""

    is_cut_off: Callable[[], bool] = lambda: False
    """Says whether the database is known not to answer, so that nobody waits for it in vain."""

    is_schema_ready: bool = False
    schema_tried_at: float = 0.0
    menu: list[Any] = field(default_factory=list)
    waiting: dict[str, Callable[[Connection, Any], int]] = field(default_factory=dict)
    """What counts how much waits for a member at a place of the menu, by its path; one more than is told is enough."""
    entry_columns: dict[str, Callable[[], Any]] = field(default_factory=dict)
    """What makes SQL expressions about an entry, by name; read in the statement of its page, they cost no other one."""
    entry_parts: list[Callable[[Any, Any], EntryPart]] = field(default_factory=list)
    """What stands below an entry, each made from the site's card and the EntryPage that is shown."""


EXTENSION = "homeport"


def install(app: Flask, kernel: Kernel) -> None:
    """Attach the kernel to the application."""
    app.extensions[EXTENSION] = kernel


def kernel() -> Kernel:
    """Return the kernel of the application that is answering."""
    found: Kernel = current_app.extensions[EXTENSION]
    return found
