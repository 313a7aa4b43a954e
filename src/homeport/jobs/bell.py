"""Waits for the next job: PostgreSQL rings when one is put into the table, a signal when the worker has to stop."""

import select
import socket
from typing import Any, Self

from sqlalchemy import ColumnElement

from homeport.db.session import Database
from homeport.jobs.queries import seconds_until_due
from homeport.jobs.queue import CHANNEL


class Bell:
    """A connection that listens, and a pipe that anybody in this process may ring."""

    def __init__(self, database: Database, among: ColumnElement[bool]) -> None:
        self._database = database
        self._among = among
        self._ear, self._knocker = socket.socketpair()
        self._ear.setblocking(False)
        self._knocker.setblocking(False)
        self._connection: Any = None

    def ring(self) -> None:
        """End the waiting; may be called from a signal handler or another thread."""
        try:
            self._knocker.send(b"!")
        except BlockingIOError:
            # It has been rung so often that nobody can miss it.
            return

    def wait(self, longest_seconds: float) -> None:
        """Return when a job is due or may be, or after so many seconds.

        Listens before it looks: what is put into the table in between rings.
        """
        if self._connection is None:
            self._connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._connection.exec_driver_sql(f"listen {CHANNEL}")
        due = seconds_until_due(self._connection, self._among)
        driver = self._connection.connection.driver_connection
        self.pause(max(0.0, longest_seconds if due is None else min(due, longest_seconds)), driver)
        driver.poll()
        driver.notifies.clear()

    def pause(self, seconds: float, *others: Any) -> None:
        """Wait without looking at the table."""
        ready, _, _ = select.select([self._ear, *others], [], [], seconds)
        if self._ear in ready:
            self._ear.recv(4096)

    def hang_up(self) -> None:
        """Let go of a connection that may be broken; the next `wait` makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()
        self._ear.close()
        self._knocker.close()
