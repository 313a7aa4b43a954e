"""What backup and restore ask of the database server itself: a snapshot with its counts, and whole databases."""

import secrets
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from psycopg2.extensions import make_dsn, parse_dsn
from psycopg2.sql import SQL, Composed, Identifier

from homeport.errors import UnavailableError
from homeport.ops.backup.errors import BackupFailedError, OccupiedDatabaseError
from homeport.values import libpq_uri

CONNECT_TIMEOUT_SECONDS = 10
SWITCH_TRIES = 5
DROP_TRIES = 4
"""PostgreSQL itself waits five seconds in each."""

MAINTENANCE = ("postgres", "template1")
"""Databases from which another one can be renamed."""

AUTHORED = ("account", "entry", "media", "response")
"""Tables whose rows somebody would miss."""

_TABLES = (
    "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relpersistence "
    "in ('p', 'u') order by relname"
)
_MAY_CREATE = "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
_OTHER_OWNER = (
    "select rolname from pg_database join pg_roles on pg_roles.oid = datdba "
    "where datname = %s and rolname <> current_user and pg_has_role(datdba, 'member')"
)
_OTHERS = (
    "select count(*) from pg_stat_activity "
    "where datname = %s and pid <> pg_backend_pid() and backend_type = 'client backend'"
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The database as one instant sees it; `name` lets pg_dump see the same."""

    name: str
    taken_at: datetime
    counts: dict[str, int]
    schema: str
    oldest_release: str
    server_major: int


@contextmanager
def snapshot(uri: str) -> Iterator[Snapshot]:
    """Hold a snapshot as long as the block lasts; raises BackupFailedError for a database without a site."""
    with connected(uri) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            cursor.execute("set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0")
            counts = count_rows(cursor)
            if "schema_compatibility" not in counts:
                raise BackupFailedError("there is no site in the database yet", hint="Start the site first.")
            cursor.execute("select pg_export_snapshot(), now(), (select version_num from alembic_version)")
            name, taken_at, schema = cursor.fetchone()
            cursor.execute("select oldest_release from schema_compatibility order by revision desc limit 1")
            [oldest] = cursor.fetchone()
        yield Snapshot(name, taken_at, counts, schema, oldest, major_of(connection))


def count_rows(cursor: Any) -> dict[str, int]:
    """Count the rows of each table."""
    cursor.execute(_TABLES)
    tables = [name for (name,) in cursor.fetchall()]
    counts = {}
    for table in tables:
        cursor.execute(SQL("select count(*) from public.{}").format(Identifier(table)))
        [counts[table]] = cursor.fetchone()
    return counts


@contextmanager
def connected(uri: str, database: str = "") -> Iterator[Any]:
    """Give a connection to the database, or to another one on its server; raises UnavailableError."""
    dsn = parse_dsn(libpq_uri(uri))
    dsn.update(connect_timeout=str(CONNECT_TIMEOUT_SECONDS), application_name="homeport backup")
    if database:
        dsn["dbname"] = database
    try:
        connection = psycopg2.connect(make_dsn(**dsn))
    except psycopg2.OperationalError as error:
        raise UnavailableError(
            f"the database does not answer: {str(error).strip()}",
            hint="Look at `homeport status` and at the database's log; DB_URI says where the database is.",
        ) from error
    with closing(connection):
        yield connection


def major_of(connection: Any) -> int:
    """Return the major version of the server."""
    return int(connection.server_version) // 10000


class Sibling:
    """Another database on the server of the site's own, named after it; never the site's own."""

    def __init__(self, uri: str, purpose: str) -> None:
        self._uri = uri
        self.of = name_of(uri)
        self._prefix = f"{self.of}_{purpose}_"
        self.name = f"{self._prefix}{secrets.token_hex(4)}"

    @property
    def uri(self) -> str:
        """Its address, as SQLAlchemy takes it."""
        return urlsplit(self._uri)._replace(path=f"/{self.name}").geturl()

    @contextmanager
    def made(self) -> Iterator[str]:
        """Make it, yield its address, and drop it unless it has become the site's own.

        Whoever works in it does so as the role that owns the site's own, so that this role owns what is made there.
        What an earlier one with the same purpose left behind when it was killed goes first.
        """
        with self._server() as cursor:
            _refuse_without_right(cursor)
            self._drop_leftovers(cursor)
            cursor.execute(_statement("create database {} template template0 encoding 'UTF8'", self.name))
            cursor.execute(_OTHER_OWNER, (self.of,))
            for (owner,) in cursor.fetchall():
                cursor.execute(_statement("alter database {} owner to {}", self.name, owner))
                cursor.execute(_statement("alter database {} set role = {}", self.name, owner))
            cursor.execute("select has_database_privilege('public', %s, 'connect')", (self.of,))
            if not cursor.fetchone()[0]:
                cursor.execute(_statement("revoke all on database {} from public", self.name))
        try:
            yield self.uri
        finally:
            self.drop(self.name)

    def replace_original(self, aside: str) -> None:
        """Let this database take the place of the site's own, which is called `aside` from then on.

        Both names change in one transaction. Raises OccupiedDatabaseError when somebody works in either.
        """
        with connected(self._uri, _maintenance_database(self._uri)) as connection:
            for attempt in range(SWITCH_TRIES):
                try:
                    with connection, connection.cursor() as cursor:
                        cursor.execute(_statement("alter database {} reset role", self.name))
                        cursor.execute(_statement("alter database {} rename to {}", self.of, aside))
                        cursor.execute(_statement("alter database {} rename to {}", self.name, self.of))
                except psycopg2.errors.ObjectInUse as error:
                    if attempt + 1 == SWITCH_TRIES:
                        raise OccupiedDatabaseError(f"somebody works in the database {self.of}") from error
                    time.sleep(1)
                else:
                    return

    def drop(self, name: str) -> None:
        """Drop a database of the server that nobody needs."""
        with self._server() as cursor:
            _drop(cursor, name)

    @contextmanager
    def _server(self) -> Iterator[Any]:
        with connected(self._uri) as connection:
            # A database cannot be made or dropped inside a transaction.
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor

    def _drop_leftovers(self, cursor: Any) -> None:
        cursor.execute("select datname from pg_database where starts_with(datname, %s)", (self._prefix,))
        for (name,) in cursor.fetchall():
            _drop(cursor, name)


def name_of(uri: str) -> str:
    """Return the name of the database in an address."""
    dsn = parse_dsn(libpq_uri(uri))
    return str(dsn.get("dbname") or dsn["user"])


def refuse_company(uri: str) -> None:
    """Raise OccupiedDatabaseError when somebody else is connected to the database."""
    with connected(uri) as connection, connection.cursor() as cursor:
        cursor.execute(_OTHERS, (name_of(uri),))
        if cursor.fetchone()[0]:
            raise OccupiedDatabaseError(
                "somebody works in the database",
                hint="End the site first: `homeport down`, or `docker compose stop flask-blog jobs`.",
            )


def has_content(uri: str) -> bool:
    """Say whether the database holds anything that somebody would miss."""
    with connected(uri) as connection, connection.cursor() as cursor:
        counts = count_rows(cursor)
    is_ours = "schema_compatibility" in counts
    return any(counts.get(table) for table in AUTHORED) if is_ours else bool(counts)


def _refuse_without_right(cursor: Any) -> None:
    cursor.execute(_MAY_CREATE)
    if not cursor.fetchone()[0]:
        raise BackupFailedError(
            "the site's role may not make a database, and what is restored goes into a new one first",
            hint="Allow it once, as the server's administrator: alter role <the site's role> createdb",
        )


def _maintenance_database(uri: str) -> str:
    """Return a database from which others can be renamed, and which this role may enter."""
    with suppress(UnavailableError), connected(uri, MAINTENANCE[0]):
        return MAINTENANCE[0]
    return MAINTENANCE[1]


def _drop(cursor: Any, name: str) -> None:
    """Drop a database in which nobody works any more, though what was killed there may take a moment to notice."""
    for attempt in range(DROP_TRIES):
        try:
            # Not by force: that would have to end the server's own vacuum, which this role may not. Waiting ends it.
            cursor.execute(_statement("drop database if exists {}", name))
        except psycopg2.errors.ObjectInUse:
            if attempt + 1 == DROP_TRIES:
                raise
        else:
            return


def _statement(text: str, *names: str) -> Composed:
    return SQL(text).format(*map(Identifier, names))
