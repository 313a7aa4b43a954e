"""Counting SQL statements, so that a page's cost is a fact and not a hope."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, event


@contextmanager
def recorded(connection: Connection) -> Iterator[list[str]]:
    """Collect the statements that run on a connection inside the block."""
    statements: list[str] = []

    def remember(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", remember)
    try:
        yield statements
    finally:
        event.remove(connection, "before_cursor_execute", remember)
