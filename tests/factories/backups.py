"""A site in a database of its own, which can be archived, restored and asked for pages."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from psycopg2.sql import SQL, Identifier

from homeport.app import create_app
from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.media.actions import add_upload
from homeport.ops.backup import databases
from homeport.ops.backup.making import Source
from homeport.settings import Settings
from tests.factories.blog import make_entry
from tests.factories.comments import make_comment
from tests.factories.media import MAX_BYTES, a_picture
from tests.factories.templates import keep_templates

PAGES = ("/", "/posts/first", "/posts/second", "/feed.atom", "/feed.json", "/archive")


@dataclass(frozen=True)
class Installation:
    """One site: its database and its folders."""

    uri: str
    folder: Path

    @property
    def settings(self) -> Settings:
        settings = Settings.from_env({"DATA_DIR": str(self.folder), "FLASK_KEY": "a key that only tests use"})
        return settings.replace(db=replace(settings.db, uri=self.uri))

    @property
    def source(self) -> Source:
        return Source(self.uri, self.settings, {"SITE_URL": "https://example.org"})

    def counts(self) -> dict[str, int]:
        """Count the rows of each table."""
        with databases.connected(self.uri) as connection, connection.cursor() as cursor:
            return databases.count_rows(cursor)

    def databases(self) -> set[str]:
        """Return all databases of the server that belong to this site."""
        name = databases.name_of(self.uri)
        [rows] = self.ask("select array_agg(datname::text) from pg_database where starts_with(datname, %s)", name)
        return set(rows or ())

    def ask(self, statement: str, *parameters: Any) -> Any:
        """Return the first row of an answer."""
        with databases.connected(self.uri) as connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchone()

    def do(self, statement: str) -> None:
        with databases.connected(self.uri) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement)

    def pages(self) -> dict[str, bytes]:
        """Return what readers get, and the bytes of every picture."""
        database = Database(self.uri, pool_size=2)
        try:
            client = keep_templates(create_app(self.settings, database=database)).test_client()
            with database.reader() as connection:
                media = connection.exec_driver_sql("select '/media/' || hash || '/' || name from media").scalars()
                addresses = (*PAGES, *media)
            return {address: _body(client.get(address)) for address in addresses}
        finally:
            database.dispose()


def _body(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.request.path
    body: bytes = answer.get_data()
    answer.close()
    return body


def write_site(uri: str) -> None:
    """Give the site two posts, a comment and a picture."""
    database = Database(uri, pool_size=2)
    try:
        with database.transaction() as session:
            picture = add_upload(session, a_picture(), "hill.png", max_bytes=MAX_BYTES)
            first = make_entry(session, title="First", slug="first", source=f"![A hill]({picture.path})\n\nÅ 🌄\n")
            make_entry(session, title="Second", slug="second")
            make_comment(session, first, text="True.")
    finally:
        database.dispose()


@contextmanager
def own_database(server_uri: str, template: str = "template0") -> Iterator[str]:
    """Make a database on the tests' server; whatever was named after it is dropped with it."""
    name = f"tried_{secrets.token_hex(4)}"
    with _server(server_uri) as cursor:
        cursor.execute(
            SQL("create database {} template {} strategy file_copy").format(Identifier(name), Identifier(template))
        )
    try:
        yield urlsplit(server_uri)._replace(path=f"/{name}").geturl()
    finally:
        with _server(server_uri) as cursor:
            cursor.execute("select datname from pg_database where starts_with(datname, %s)", (name,))
            for (each,) in cursor.fetchall():
                databases._drop(cursor, each)


@contextmanager
def database_with_site(server_uri: str) -> Iterator[str]:
    """Make a database with a site in it."""
    with own_database(server_uri) as uri:
        database = Database(uri)
        bring_up_to_date(database.engine)
        database.dispose()
        write_site(uri)
        yield uri


@contextmanager
def _server(uri: str) -> Iterator[Any]:
    connection = psycopg2.connect(uri.replace("+psycopg2", ""))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
