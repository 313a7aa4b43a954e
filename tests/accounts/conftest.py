"""What tests of accounts share."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from homeport.app import create_app
from homeport.db.session import Database
from homeport.settings import Settings
from tests.factories.templates import keep_templates

TABLES = ("account", "author", "rate_count", "challenge", "one_time_link", "audit_event", "job")
SITE = ("title", "address", "author_name", "time_zone")


@pytest.fixture
def lasting_app(settings: Settings, database: Database) -> Iterator[Flask]:
    """The application on connections of its own, where what a refusal leaves behind stays; emptied afterwards."""
    app = keep_templates(create_app(settings, database=database))
    app.extensions["homeport"].is_schema_ready = True
    yield app
    with database.engine.begin() as connection:
        connection.execute(text(f"update site set {', '.join(f'{name} = default' for name in SITE)}"))
        for table in TABLES:
            connection.execute(text(f"delete from {table}"))
