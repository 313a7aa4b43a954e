"""Whether the release that runs could live with the migrations to come."""

from types import SimpleNamespace

import pytest
from alembic.script import ScriptDirectory

from homeport.db.coexistence import IncompatibleMigrationError, refuse_incompatible
from homeport.db.schema import HEAD


@pytest.fixture
def coming(monkeypatch):
    """Migrations that are still to come, by the oldest release that can live with each."""
    found = []
    monkeypatch.setattr(ScriptDirectory, "iterate_revisions", lambda *_: iter(found))

    def add(revision, oldest):
        found.append(SimpleNamespace(revision=revision, module=SimpleNamespace(OLDEST_RELEASE=oldest)))

    return add


def test_a_schema_that_is_up_to_date_asks_nothing_of_anybody(connection):
    refuse_incompatible(connection, "0.0.1")


def test_every_migration_may_come_that_the_running_release_can_live_with(connection, coming):
    coming("9998", "1.2.0")
    refuse_incompatible(connection, "1.2.0")


def test_one_that_would_end_it_is_refused_with_the_way_there(connection, coming):
    coming("9998", "1.2.0")
    coming("9999", "1.10.0")
    with pytest.raises(IncompatibleMigrationError, match=r"migration 9999 needs Homeport 1\.10\.0 or newer") as refused:
        refuse_incompatible(connection, "1.9.0")
    assert refused.value.hint == "Deploy Homeport 1.10.0 first, then this one."


def test_a_schema_of_a_newer_release_is_judged_by_that_one(connection, coming):
    connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    coming(HEAD, "99.0.0")
    refuse_incompatible(connection, "0.1.0")
