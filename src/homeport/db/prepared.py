"""Statements that PostgreSQL parses and plans once a connection: what comes a thousand times costs half as much."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, Select
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import ARRAY

_DIALECT = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


class PreparedStatement:
    """A statement whose parameters are given as what the driver takes: JSON, for example, as text."""

    def __init__(self, name: str, statement: Select[*tuple[Any, ...]]) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        assert isinstance(compiled, SQLCompiler)
        self._name = name
        self._constants = {key: value for key, value in compiled.params.items() if value is not None}
        self._prepare = f"prepare {name} as {compiled}"
        given = (_placeholder(key, compiled) for key in compiled.positiontup or ())
        self._execute = f"execute {name} ({', '.join(given)})"

    def execute(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Run the statement; the first time on this connection, PostgreSQL is told what it is."""
        # The dictionary lives as long as the session of PostgreSQL does, and so does what was prepared in it.
        if self._name not in connection.info:
            connection.exec_driver_sql(self._prepare)
            connection.info[self._name] = True
        return connection.exec_driver_sql(self._execute, {**self._constants, **values})


def _placeholder(key: str, compiled: SQLCompiler) -> str:
    kind = compiled.binds[key].type
    # The driver writes an empty list, and one of nothing but nulls, without a type.
    return f"%({key})s::{kind.compile(_DIALECT)}" if isinstance(kind, ARRAY) else f"%({key})s"
