"""Imports and exports on the test's own transaction."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from homeport.blog.models import Entry
from homeport.db.session import Database
from homeport.exchange.importer import import_folder
from homeport.exchange.report import ImportReport
from homeport.exchange.run import ImportOptions
from tests.factories.folders import write_folder

Importing = Callable[..., ImportReport]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to import from."""
    made = tmp_path / "old-site"
    made.mkdir()
    return made


@pytest.fixture
def bring_in(own_database: Database, folder: Path) -> Importing:
    """Write files into the folder and import it, in this process."""

    def run(files: Mapping[str, str | bytes] | None = None, **options) -> ImportReport:
        write_folder(folder, files or {})
        return import_folder(own_database, folder, ImportOptions(processes=1, **options))

    return run


@pytest.fixture
def entry_of(session: Session) -> Callable[[str], Entry]:
    """Find an imported entry by its slug, as the database has it now."""

    def find(slug: str) -> Entry:
        return session.scalars(select(Entry).where(Entry.slug == slug).execution_options(populate_existing=True)).one()

    return find
