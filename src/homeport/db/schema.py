"""Bringing the schema up to date before serving, safely beside other instances, older ones included.

Each migration records the oldest release that can still run on its schema. A release refuses only a schema whose
oldest release is newer than itself, so the previous image always starts after an upgrade that went wrong.
"""

from pathlib import Path

from sqlalchemy import Column, Connection, DateTime, Engine, Table, Text, func, text

from homeport import __version__
from homeport.db.model import Base
from homeport.errors import ConflictError
from homeport.releases import is_newer

HEAD = "0005"
"""The newest revision, known without loading Alembic; a test holds it to the folder of migrations."""

EMPTY = "base"
"""What Alembic calls the state before the first migration."""

LOCK_KEY = 0x686F6D65
"""The advisory lock of everything that changes the schema ("home")."""

schema_compatibility = Table(
    "schema_compatibility",
    Base.metadata,
    Column("revision", Text, primary_key=True),
    Column("oldest_release", Text, nullable=False),
    Column("applied_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

_CURRENT = text("select version_num from alembic_version")
_EXISTS = text("select to_regclass('alembic_version') is not null")
_OLDEST = text("select oldest_release from schema_compatibility order by revision desc limit 1")
_LOCK = text("select pg_advisory_xact_lock(:key)")


OLDEST_SERVER = 15
"""The oldest major version of PostgreSQL that the statements of this release run on."""


class ServerTooOldError(ConflictError):
    """The PostgreSQL server is older than what this release can work with."""


class SchemaTooNewError(ConflictError):
    """The database was brought up to date by a release that this one cannot work beside."""


def current_revision(connection: Connection) -> str | None:
    """Return the revision the database is at, or None when it is empty."""
    if not connection.execute(_EXISTS).scalar_one():
        return None
    return connection.execute(_CURRENT).scalar_one_or_none()


def is_usable(connection: Connection, *, release: str = __version__) -> bool:
    """Say whether `release` can run on the schema as it is.

    Raises SchemaTooNewError when only a newer release can.
    """
    revision = current_revision(connection)
    if revision == HEAD:
        return True
    if revision is None or revision < HEAD:
        return False
    oldest = connection.execute(_OLDEST).scalar_one()
    if is_newer(oldest, than=release):
        raise SchemaTooNewError(
            f"the database needs Homeport {oldest} or newer; this is {release}",
            hint="Run the newer release, or restore the backup made before the upgrade.",
        )
    return True


def bring_up_to_date(engine: Engine) -> str:
    """Migrate to HEAD under an advisory lock; return the revision the database is at afterwards.

    A second instance waits for the first and then finds nothing to do.
    Raises ServerTooOldError, or SchemaTooNewError when only a newer release can use the schema.
    """
    with engine.begin() as connection:
        _refuse_old_server(connection)
        if not is_usable(connection):
            connection.execute(text("set local statement_timeout = 0"))
            connection.execute(_LOCK, {"key": LOCK_KEY})
            if not is_usable(connection):
                migrate(connection, HEAD)
        return current_revision(connection) or ""


def migrate(connection: Connection, revision: str) -> None:
    """Move the schema up or down to `revision` inside the transaction of `connection`."""
    # Alembic costs a quarter of a second to load, and a warm start has nothing to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    if revision == EMPTY or (current_revision(connection) or "") > revision:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def _refuse_old_server(connection: Connection) -> None:
    version = connection.dialect.server_version_info or ()
    if version < (OLDEST_SERVER,):
        raise ServerTooOldError(
            f"this PostgreSQL server is version {'.'.join(map(str, version))}; Homeport needs {OLDEST_SERVER} or newer",
            hint="Point DB_URI at a newer server, or unset it: `bin/up` brings one along.",
        )
