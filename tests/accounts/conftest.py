"""What tests of accounts share."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from homeport.app import create_app
from homeport.db.session import Database
from homeport.settings import Settings

TABLES = ("account", "author", "rate_count", "challenge", "one_time_link", "audit_event")


@pytest.fixture
def lasting_app(settings: Settings, database: Database) -> Iterator[Flask]:
    """The application on connections of its own, where what a refusal leaves behind stays; emptied afterwards."""
    yield create_app(settings, database=database)
    with database.engine.begin() as connection:
        for table in TABLES:
            connection.execute(text(f"delete from {table}"))
