"""Places that features fill from above, so that none of them imports what stands higher: `app.py` does the filling."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Engine

from homeport.db.session import Database
from homeport.settings import Settings


@dataclass
class Kernel:
    """What one application object carries: its settings, its database, and the slots that features have filled."""

    settings: Settings
    database: Database
    prepare_schema: Callable[[Engine], str]
    current_site: Callable[[], Any] = lambda: None
    is_schema_ready: bool = False
    schema_tried_at: float = 0.0
    menu: list[Any] = field(default_factory=list)
    entry_parts: list[Callable[[Any], str]] = field(default_factory=list)
    """What stands below an entry, each made from the EntryPage that is shown; HTML that is safe already."""


EXTENSION = "homeport"


def install(app: Flask, kernel: Kernel) -> None:
    """Attach the kernel to the application."""
    app.extensions[EXTENSION] = kernel


def kernel() -> Kernel:
    """Return the kernel of the application that is answering."""
    found: Kernel = current_app.extensions[EXTENSION]
    return found
