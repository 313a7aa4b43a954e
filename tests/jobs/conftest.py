"""A job table that is really written to: what a worker does is committed."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from homeport.db.session import Database
from homeport.jobs.models import Job


@pytest.fixture
def jobs(database: Database) -> Iterator[Database]:
    """The database; its job table is empty before the test and after it."""
    _empty(database)
    yield database
    _empty(database)


def _empty(database: Database) -> None:
    with database.transaction() as session:
        session.execute(delete(Job))
