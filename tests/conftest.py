"""A real PostgreSQL for each test process, migrated once; each test works in a transaction that is rolled back."""

import gc
import logging
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.orm import Session

from homeport.app import create_app
from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database, Transactions
from homeport.ops.postgres import running, server
from homeport.settings import Settings
from homeport.site.actions import site_of
from homeport.site.models import Site
from tests.factories.passwords import hashing_costs_little
from tests.factories.routes import keep_routes
from tests.factories.templates import keep_templates


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests of the studio's pages take the pictures of the manual."""
    parser.addoption("--screenshots", action="store_true", help="take the pictures in docs/images/studio anew")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector away from ten thousand tests, which stay until the end, while they come and after."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def _no_log_of_another_test() -> Iterator[None]:
    """Take away the handlers of a command that a test ran: they write to what was standard error then."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture(autouse=True, scope="session")
def _once_for_all_applications() -> Iterator[None]:
    """Do once in a test process what every application and every account of a test would do again."""
    with keep_routes(), hashing_costs_little():
        yield


@pytest.fixture(scope="session")
def database_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database that nobody else uses."""
    with ExitStack() as stack:
        # Its folder is thrown away in the end: nothing of it has to survive a loss of power. Servers of tests do not
        # differ in anything else, and those that a test starts itself not even in this.
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(server._OPTIONS, "fsync", "off")
            patch.setitem(server._OPTIONS, "full_page_writes", "off")
            uri = stack.enter_context(running(tmp_path_factory.mktemp("postgres")))
        yield uri


@contextmanager
def _migrated(uri: str) -> Iterator[Database]:
    database = Database(uri)
    bring_up_to_date(database.engine)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def database(database_uri: str) -> Iterator[Database]:
    """The migrated database of this test process."""
    with _migrated(database_uri) as database:
        yield database


@pytest.fixture(scope="module")
def committed_uri(database_uri: str) -> Iterator[str]:
    """The address of a database of one module's own, in which transactions really end."""
    name = f"test_{uuid4().hex[:12]}"
    engine = create_engine(database_uri, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name} strategy file_copy"))
    yield make_url(database_uri).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    engine.dispose()


@pytest.fixture(scope="module")
def committed(committed_uri: str) -> Iterator[Database]:
    """The same, migrated: nobody else hears of a transaction that is rolled back."""
    with _migrated(committed_uri) as database:
        yield database


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back after the test."""
    with database.engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session inside the test's transaction; code that commits only releases a savepoint."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session


@pytest.fixture
def site(session: Session) -> Site:
    """The site's row of settings."""
    return site_of(session)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an installation whose folders are the test's own."""
    return Settings.from_env({"DATA_DIR": str(tmp_path / "data"), "FLASK_KEY": "a key that only tests use"})


class OneConnection(Database):
    """A database whose readers and sessions all live in the test's transaction."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self.engine = database.engine
        self._connection = connection

    @contextmanager
    def reader(self) -> Iterator[Connection]:
        yield self._connection

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with self.new_session() as session, session.begin():
            yield session

    @contextmanager
    def transactions(self) -> Iterator[Transactions]:
        yield self.transaction

    @contextmanager
    def record_now(self) -> Iterator[Connection]:
        with self._connection.begin_nested():
            yield self._connection

    def new_session(self) -> Session:
        return Session(self._connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


@pytest.fixture
def own_database(database: Database, connection: Connection) -> Database:
    """A Database that sees what the test has written, and whose changes go with the test."""
    return OneConnection(database, connection)


@pytest.fixture
def app(settings: Settings, own_database: Database) -> Flask:
    """The whole application on the test's transaction; unexpected errors reach the test."""
    app = keep_templates(create_app(settings, database=own_database))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies or scripts."""
    return app.test_client()
