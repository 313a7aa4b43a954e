"""Statements that PostgreSQL parses and plans once a connection: what comes a thousand times costs half as much."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnClause, Connection, CursorResult, SelectBase, column, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import ARRAY

_DIALECT = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_PARAMETER = re.compile(r"\$(\d+)")


class PreparedStatement:
    """A statement whose parameters are given as what the driver takes: JSON, for example, as text."""

    def __init__(self, name: str, statement: SelectBase) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        assert isinstance(compiled, SQLCompiler)
        # Constants stand in the text: a plan made once, for all parameters, finds a partial index by nothing else.
        constants = {key: value for key, value in compiled.params.items() if value is not None}
        names = compiled.positiontup or []
        given = [key for key in names if key not in constants]
        written = {
            number: compiled.render_literal_value(constants[key], compiled.binds[key].type)
            if key in constants
            else f"${given.index(key) + 1}"
            for number, key in enumerate(names, start=1)
        }
        self._name = name
        content = _PARAMETER.sub(lambda match: written[int(match[1])], str(compiled))
        # The driver takes a single % for the place of a parameter.
        self._prepare = f"prepare {name} as {content.replace('%', '%%')}"
        arguments = ", ".join(_placeholder(key, compiled) for key in given)
        # With its columns named, what a row looks like is worked out once, and not each time from the driver's words.
        columns: Iterable[ColumnClause[Any]] = (column(key) for key in statement.selected_columns.keys())  # noqa: SIM118 - it is no mapping
        self._execute = text(f"execute {name}({arguments})" if given else f"execute {name}").columns(*columns)

    def execute(self, connection: Connection, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        """Run the statement; the first time on this connection, PostgreSQL is told what it is."""
        # The dictionary lives as long as the session of PostgreSQL does, and so does what was prepared in it.
        if self._name not in connection.info:
            connection.exec_driver_sql(self._prepare)
            connection.info[self._name] = True
        return connection.execute(self._execute, dict(values) if values else None)


def _placeholder(key: str, compiled: SQLCompiler) -> str:
    kind = compiled.binds[key].type
    # The driver writes an empty list, and one of nothing but nulls, without a type.
    return f"cast(:{key} as {kind.compile(_DIALECT)})" if isinstance(kind, ARRAY) else f":{key}"
