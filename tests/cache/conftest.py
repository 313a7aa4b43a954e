"""A database whose transactions really end: nothing is heard of the ones that are rolled back."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database


@pytest.fixture(scope="module")
def committed_uri(database_uri: str) -> Iterator[str]:
    """The address of a migrated database that the tests of one module share."""
    name = f"test_{uuid4().hex[:12]}"
    server = create_engine(database_uri, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"create database {name}"))
    address = make_url(database_uri).set(database=name)
    yield address.render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    server.dispose()


@pytest.fixture(scope="module")
def committed(committed_uri: str) -> Iterator[Database]:
    """The same, as the site sees it."""
    database = Database(committed_uri)
    bring_up_to_date(database.engine)
    yield database
    database.dispose()
