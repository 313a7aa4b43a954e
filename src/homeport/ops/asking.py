"""Asks the database a few questions without the web application, and never waits longer than it was told to.

A server that was stopped, or a network that was cut, answers nothing and refuses nothing: only a client that looks at
the clock itself gets away. So the connection is one of psycopg2's asynchronous ones, waited for with `select`.
"""

import select
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ

from homeport.errors import UnavailableError
from homeport.values import libpq_uri


class DatabaseSilentError(UnavailableError):
    """The database cannot be asked, or does not answer in time."""


class Questioner:
    """One connection, whose questions all have to be answered before the same deadline."""

    def __init__(self, connection: Any, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def one(self, statement: str) -> Sequence[Any]:
        """Return the only row of a statement; raises DatabaseSilentError."""
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(statement)
                self.wait()
                row: Sequence[Any] = cursor.fetchone()
        except psycopg2.Error as error:
            raise DatabaseSilentError(_reason(error)) from error
        return row

    def wait(self) -> None:
        """Wait until what was begun is done."""
        while (state := self._connection.poll()) != POLL_OK:
            left = self._deadline - time.monotonic()
            places = [self._connection.fileno()]
            reading, writing = (places, []) if state == POLL_READ else ([], places)
            if left <= 0 or not any(select.select(reading, writing, [], left)):
                raise DatabaseSilentError("the database does not answer in time")


@contextmanager
def asking(uri: str, *, seconds: float) -> Iterator[Questioner]:
    """Connect for a few questions; raises DatabaseSilentError when there is no answer within the seconds."""
    try:
        connection = psycopg2.connect(libpq_uri(uri), async_=1, application_name="homeport asks")
    except psycopg2.Error as error:
        raise DatabaseSilentError(_reason(error)) from error
    try:
        questioner = Questioner(connection, time.monotonic() + seconds)
        try:
            questioner.wait()
        except psycopg2.Error as error:
            raise DatabaseSilentError(_reason(error)) from error
        yield questioner
    finally:
        connection.close()


def _reason(error: psycopg2.Error) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
