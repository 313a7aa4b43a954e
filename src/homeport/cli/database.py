"""Gives commands the site's database, whether the site is up, down, or uses a server elsewhere."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy.exc import OperationalError

from homeport.cli.context import Installation, current
from homeport.db.coexistence import refuse_incompatible
from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.ops.postgres import running
from homeport.ops.unreachable import UnreachableError

POOL_SIZE = 5
STATEMENT_TIMEOUT_SECONDS = 600


@contextmanager
def database_address(installation: Installation | None = None) -> Iterator[str]:
    """Yield the address of the database, as `open_database` finds it, whatever its schema."""
    settings = (installation or current()).settings
    with ExitStack() as stack:
        yield settings.db.uri or stack.enter_context(running(settings.paths.data))


def check_coexistence(running: str) -> None:
    """Raise IncompatibleMigrationError when that release could not live with this one's migrations; change nothing."""
    with database_address() as uri:
        database = Database(uri, pool_size=1)
        try:
            with database.engine.connect() as connection:
                refuse_incompatible(connection, running)
        finally:
            database.dispose()


@contextmanager
def open_database(installation: Installation | None = None) -> Iterator[Database]:
    """Yield the database with its schema up to date.

    When the site is down its server is started, and stopped afterwards. Raises UnavailableError when there is none.
    """
    with ExitStack() as stack:
        uri = stack.enter_context(database_address(installation))
        database = Database(uri, pool_size=POOL_SIZE, statement_timeout_seconds=STATEMENT_TIMEOUT_SECONDS)
        stack.callback(database.dispose)
        try:
            bring_up_to_date(database.engine)
        except OperationalError as error:
            if error.statement is not None:
                raise
            raise UnreachableError(str(error.orig)) from error
        yield database
