"""Asks the database for its log: a slot keeps what was not fetched yet, and PostgreSQL's own program fetches it."""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import psycopg2
import pyrage
from pyrage.x25519 import Recipient

from homeport.ops import files, process
from homeport.ops.backup import databases, programs
from homeport.ops.backup.errors import BackupFailedError

SLOT = "homeport_backup"
_STATE = "select wal_status from pg_replication_slots where slot_name = %s"
_ALLOWED = "select rolreplication or rolsuper from pg_roles where rolname = current_user"


class Receiver:
    """The running program; started again by whoever looks after it."""

    def __init__(self, uri: str, spool: Path) -> None:
        self._uri = uri
        self._spool = spool
        self._said: IO[bytes] | None = None
        self._running: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def keep_running(self) -> None:
        """Start it if it does not run; raises BackupFailedError with what it said before it ended."""
        if self._running is not None and self._running.poll() is None:
            return
        failure = self._last_words()
        self._spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        if prepare_slot(self._uri):
            # The beginning of a piece whose end a new slot does not have.
            for path in self._spool.glob("*.partial*"):
                files.remove(path)
        self.starts += 1
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the program
        command, environment = programs.command_for(
            "pg_receivewal", self._uri, [f"--slot={SLOT}", f"--directory={self._spool}", "--no-loop", "--no-password"]
        )
        self._running = process.start(command, environment=environment, output=self._said.fileno())
        if failure:
            raise BackupFailedError(f"the log of the database was not received: {failure}")

    def stop(self) -> None:
        """End it."""
        if self._running is not None:
            self._running.terminate()
            self._running.wait()
        self._last_words()

    def _last_words(self) -> str:
        if self._said is None:
            return ""
        with self._said as said:
            said.seek(0)
            lines = said.read().decode("utf-8", errors="replace").splitlines()
        self._said = None
        return lines[-1] if lines else ""


def prepare_slot(uri: str) -> bool:
    """Make the slot if there is none, and say whether it is new; one that was left behind for too long counts as none.

    Raises BackupFailedError when the role may not, or the server does not hand over what it has every minute.
    """
    with databases.connected(uri) as connection, connection, connection.cursor() as cursor:
        cursor.execute(_ALLOWED)
        if not cursor.fetchone()[0]:
            raise BackupFailedError(
                "the role of the backup may not read the log of the database",
                hint="Once: `docker compose exec postgres sh /docker-entrypoint-initdb.d/then-replication.sh`.",
            )
        cursor.execute("select setting::int from pg_settings where name = 'archive_timeout'")
        if not cursor.fetchone()[0]:
            raise BackupFailedError(
                "the database hands its log over when a piece is full, and not every minute",
                hint="Start it with `-c archive_timeout=60`, as compose.yaml does.",
            )
        cursor.execute(_STATE, (SLOT,))
        found = cursor.fetchone()
        if found and found[0] == "lost":
            cursor.execute("select pg_drop_replication_slot(%s)", (SLOT,))
            found = None
        if not found:
            cursor.execute("select pg_create_physical_replication_slot(%s, true)", (SLOT,))
    return not found


def write_base(uri: str, target: Path, recipients: Sequence[Recipient]) -> None:
    """Write a base backup of the whole server, sealed as it arrives; raises BackupFailedError."""
    command, environment = programs.command_for(
        "pg_basebackup",
        uri,
        ["--pgdata=-", "--format=tar", "--wal-method=fetch", "--compress=gzip:6", "--checkpoint=fast", "--no-password"],
    )
    with (
        tempfile.TemporaryFile() as said,
        target.open("wb") as file,
        subprocess.Popen(command, env=dict(environment), stdout=subprocess.PIPE, stderr=said) as running,
    ):
        assert running.stdout is not None
        try:
            pyrage.encrypt_io(running.stdout, file, list(recipients))
        finally:
            code = running.wait()
        if code != 0:
            said.seek(0)
            reason = said.read().decode("utf-8", errors="replace").strip().splitlines()
            raise BackupFailedError(f"there is no base backup: {reason[-1] if reason else code}")


def current_piece(uri: str) -> str:
    """Return the name of the piece of the log that is being written."""
    with databases.connected(uri) as connection, connection.cursor() as cursor:
        try:
            cursor.execute("select pg_walfile_name(pg_current_wal_lsn())")
        except psycopg2.Error as error:
            raise BackupFailedError(f"the database does not tell of its log: {error}") from error
        return str(cursor.fetchone()[0])


def server_of(uri: str) -> str:
    """Return the number that was made with the data folder, and tells this server from every other one."""
    with databases.connected(uri) as connection, connection.cursor() as cursor:
        cursor.execute("select system_identifier from pg_control_system()")
        return str(cursor.fetchone()[0])
