"""Two ways to the database: a reader for public pages, a transaction for changes; and the one place that commits."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from select import POLLIN, poll
from typing import Any

from psycopg2 import Error as DriverError
from psycopg2.errors import DiskFull
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from homeport.errors import UnavailableError

Transactions = Callable[[], AbstractContextManager[Session]]

backends: ContextVar[list[int] | None] = ContextVar("backends", default=None)
"""A list takes which processes of the server work for this context: the server's log names them, too."""

CONNECT_TIMEOUT_SECONDS = 3
AWAY = ("08", "53", "57P")
"""Classes of errors that mean the server is away, full or being restarted; the rest is about the statement."""
# A network that swallows everything must not hold a request for the quarter of an hour that TCP would wait. Sockets of
# this machine take no notice.
_NETWORK_PATIENCE = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


class Database:
    """The engines of one process; make it before the fork, use it after, and call `forget` in between."""

    def __init__(self, uri: str, *, pool_size: int = 5, statement_timeout_seconds: int = 15) -> None:
        options = _options(pool_size, statement_timeout_seconds)
        self.engine = create_engine(uri, **options)
        # A pool of its own: its connections stay in AUTOCOMMIT, and going back into the pool costs no ROLLBACK.
        self._read_engine = create_engine(uri, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **options)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self.heed: Callable[[Sequence[Any]], None] = _ignore
        """Takes what the server has said along with a commit, before whoever committed can tell anybody."""
        event.listen(self.engine, "checkin", self._heed)
        for engine in (self.engine, self._read_engine):
            event.listen(engine, "checkout", _ensure_alive)
            event.listen(engine, "checkout", _note_backend)

    @contextmanager
    def reader(self) -> Iterator[Connection]:
        """Give a connection that reads outside any transaction: no BEGIN and no ROLLBACK around each statement.

        Raises UnavailableError when the database cannot be reached.
        """
        with _reachable(), self._read_engine.connect() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session whose changes are committed together at the end, or not at all.

        Raises UnavailableError when the database cannot be reached.
        """
        with _reachable(), self._sessions.begin() as session:
            yield session

    @contextmanager
    def record_now(self) -> Iterator[Connection]:
        """Give a connection of its own whose writes stay even if the request that makes them is refused.

        For counters of attempts and events of security, and for nothing else. Raises UnavailableError.
        """
        with _reachable(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def transactions(self) -> Iterator[Transactions]:
        """Give a way to transactions that run one after the other on one connection: for hundreds of them a second.

        A connection that is cut ends only the transaction that is under way; the next one gets another.
        Raises UnavailableError when the database cannot be reached.
        """
        with _reachable(), self.engine.connect() as connection:
            yield lambda: self._transaction_on(connection)

    def new_session(self) -> Session:
        """Return a session whose owner commits, rolls back and closes it: `web/database.py`, once a request."""
        return self._sessions()

    def forget(self) -> None:
        """Drop all connections without closing them: they belong to the process this one was forked from."""
        self.engine.dispose(close=False)
        self._read_engine.dispose(close=False)

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        self._read_engine.dispose()

    @contextmanager
    def _transaction_on(self, connection: Connection) -> Iterator[Session]:
        with _reachable():
            with self._sessions(bind=connection) as session, session.begin():
                yield session
            self._heed(connection.connection.dbapi_connection)

    def _heed(self, raw: Any, _record: Any = None) -> None:
        # A connection that was lost comes back as None.
        if raw is not None and raw.notices:
            self.heed(raw.notices)
            raw.notices.clear()


def _ignore(_notices: Sequence[Any]) -> None:
    """Stand in for whoever wants to know."""


def _ensure_alive(raw: Any, _record: Any, _proxy: Any) -> None:
    """Have the pool connect anew if PostgreSQL was restarted since the connection was last used.

    A server that goes says so and closes its end, so there is something to read. Asking it each time would cost every
    page a statement.
    """
    waiting = poll()
    waiting.register(raw, POLLIN)
    if not waiting.poll(0):
        return
    try:
        # What is there to read may also be part of the encryption.
        with raw.cursor() as cursor:
            cursor.execute("select 1")
        if not raw.autocommit:
            raw.rollback()
    except DriverError as error:
        raise DisconnectionError("the server has closed the connection") from error


def _note_backend(raw: Any, _record: Any, _proxy: Any) -> None:
    # The driver knows the number since it connected: this asks nobody.
    if (noted := backends.get()) is not None:
        noted.append(raw.get_backend_pid())


def _options(pool_size: int, statement_timeout_seconds: int) -> dict[str, Any]:
    return {
        # What people write is not for logs, and an error's text ends up there.
        "hide_parameters": True,
        "pool_size": pool_size,
        "max_overflow": 0,
        "pool_timeout": CONNECT_TIMEOUT_SECONDS,
        "connect_args": {
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "application_name": "homeport",
            **_NETWORK_PATIENCE,
            "options": "-c timezone=UTC -c client_min_messages=notice"
            f" -c statement_timeout={statement_timeout_seconds * 1000}",
        },
    }


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, DiskFull):
            raise UnavailableError(
                f"the database's disk is full: {str(error.orig).strip()}", hint="Make room and try again."
            ) from error
        if not (getattr(error.orig, "pgcode", None) or AWAY[0]).startswith(AWAY):
            raise
        raise UnavailableError(
            f"the database does not answer: {str(error.orig).strip()}",
            hint="Look at `homeport status` and at the database's log; DB_URI says where the database is.",
        ) from error
