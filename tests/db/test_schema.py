from collections.abc import Iterator
from threading import Thread
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, make_url, text

from homeport import __version__
from homeport.accounts import proofs as _proofs  # noqa: F401 - every model has to be known to compare
from homeport.blog import versions as _versions  # noqa: F401 - its tables are known then
from homeport.cache import models as _content  # noqa: F401 - its tables are known then
from homeport.comments import models as _comments  # noqa: F401 - its tables are known then
from homeport.db import schema
from homeport.db.model import Base
from homeport.exchange import models as _exchange  # noqa: F401 - its tables are known then
from homeport.jobs import models as _jobs  # noqa: F401 - its tables are known then
from homeport.search import models as _search  # noqa: F401 - its tables are known then
from homeport.site import models as _site  # noqa: F401 - its tables are known then


@pytest.fixture
def empty(database_uri: str) -> Iterator[Engine]:
    """An engine on a new, empty database beside the migrated one."""
    name = f"test_{uuid4().hex[:12]}"
    server = create_engine(database_uri, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"create database {name}"))
    engine = create_engine(make_url(database_uri).set(database=name))
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    server.dispose()


def test_head_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", "src/homeport/db/migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_an_empty_database_is_brought_up_to_date(empty):
    assert schema.bring_up_to_date(empty) == schema.HEAD
    with empty.connect() as connection:
        assert connection.execute(text("select count(*) from site")).scalar_one() == 1


def test_models_and_migrations_say_the_same(empty):
    schema.bring_up_to_date(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_can_be_taken_back(empty):
    schema.bring_up_to_date(empty)
    with empty.begin() as connection:
        schema.migrate(connection, schema.EMPTY)
    with empty.connect() as connection:
        tables = text("select count(*) from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'")
        assert connection.execute(tables).scalar_one() == 0
    assert schema.bring_up_to_date(empty) == schema.HEAD


def test_instances_that_start_together_migrate_once(empty):
    results: list[str] = []
    starts = [Thread(target=lambda: results.append(schema.bring_up_to_date(empty))) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert results == [schema.HEAD] * 4


def test_a_failed_migration_leaves_nothing_behind(empty, monkeypatch):
    def fail(connection, _revision):
        connection.execute(text("create table half (id int)"))
        raise RuntimeError("power cut")

    monkeypatch.setattr(schema, "migrate", fail)
    with pytest.raises(RuntimeError):
        schema.bring_up_to_date(empty)
    with empty.connect() as connection:
        assert connection.execute(text("select to_regclass('half')")).scalar_one() is None


def newer_schema(engine: Engine, oldest_release: str) -> None:
    schema.bring_up_to_date(engine)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
        connection.execute(
            text("insert into schema_compatibility (revision, oldest_release) values ('9999', :oldest)"),
            {"oldest": oldest_release},
        )


def test_this_release_runs_on_a_newer_schema_that_allows_it(empty):
    newer_schema(empty, oldest_release=__version__)
    assert schema.bring_up_to_date(empty) == "9999"


def test_a_schema_that_needs_a_newer_release_is_refused_with_the_remedy(empty):
    newer_schema(empty, oldest_release="99.0.0")
    with pytest.raises(schema.SchemaTooNewError, match=r"needs Homeport 99\.0\.0") as caught:
        schema.bring_up_to_date(empty)
    assert "newer release" in caught.value.hint


def test_a_server_that_is_too_old_is_refused_with_the_remedy(empty):
    with empty.connect():
        empty.dialect.server_version_info = (14, 9)
    with pytest.raises(schema.ServerTooOldError, match=r"version 14\.9") as caught:
        schema.bring_up_to_date(empty)
    assert "DB_URI" in caught.value.hint


def test_a_role_that_may_make_no_extension_gets_all_but_its_indexes(empty):
    with empty.begin() as connection:
        connection.execute(text(f"revoke create on database {empty.url.database} from current_user"))
    assert schema.bring_up_to_date(empty) == schema.HEAD
    with empty.begin() as connection:
        names = set(connection.scalars(text("select indexname from pg_indexes where schemaname = 'public'")))
        schema.migrate(connection, schema.EMPTY)
    assert "ix_media_type" in names
    assert "ix_media_letters" not in names
