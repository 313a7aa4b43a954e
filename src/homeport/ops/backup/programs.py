"""PostgreSQL's own programs for dumps: where they are, whether they are new enough, and what they complain of."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import psycopg2
from psycopg2.extensions import make_dsn, parse_dsn

from homeport.errors import UnavailableError
from homeport.ops import process
from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.postgres.binaries import find_binaries
from homeport.ops.postgres.cluster import reason_in
from homeport.values import libpq_uri

# Some servers of version 15 note their own state beside each column, which pg_dump takes for somebody's wish, and which
# no other version knows.
_OF_ONE_SERVER = re.compile(r"^ALTER TABLE ONLY \S+ ALTER COLUMN \S+ SET \(pg_attver=\d+\);$", re.MULTILINE)
# Finds letters by their trigrams where it can be had; the site is the same without it (migration 0005).
_EXTENSION = "pg_trgm"
_OF_THE_EXTENSION = re.compile(rf"^\d+; \d+ \d+ (EXTENSION - {_EXTENSION}|INDEX \S+ ix_\w+_letters) ")
_PSQL_ONLY = re.compile(r"^\\(un)?restrict .*$", re.MULTILINE)


def dump(uri: str, target: Path, *, snapshot: str, server_major: int) -> None:
    """Write what the snapshot sees into a file that every PostgreSQL from this one's major on can restore.

    Raises BackupFailedError.
    """
    program = _find("pg_dump", server_major)
    # A comment on an extension can be restored only by whoever owns it, and we have no other ones.
    options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}"]
    _run([program, *options, f"--file={target}"], uri, f"the database could not be dumped to {target.parent}")


def load(uri: str, source: Path, *, server_major: int) -> None:
    """Write the dump into an empty database, which is of no use when this fails; raises BackupFailedError."""
    program = _find("pg_restore", server_major)
    common = ["--no-owner", "--no-privileges", "--no-comments", "--exit-on-error"]
    if not _get_extension(uri):
        common.append(f"--use-list={_list_without_extension(program, source)}")
    defined = _output([program, *common, "--section=pre-data", "--file=-", source])
    options = [*common, "--single-transaction"]
    if _OF_ONE_SERVER.search(defined):
        _define(uri, _PSQL_ONLY.sub("", _OF_ONE_SERVER.sub("", defined)))
        options += ["--section=data", "--section=post-data"]
    _run([program, *options, source], uri, "the dump could not be restored")


def _get_extension(uri: str) -> bool:
    """Say whether this database can have what finds letters; the server may not have it, or this role no right to."""
    with closing(psycopg2.connect(libpq_uri(uri))) as connection, connection, connection.cursor() as cursor:
        try:
            cursor.execute(f"create extension if not exists {_EXTENSION}")
        except psycopg2.Error:
            return False
    return True


def _list_without_extension(program: Path, source: Path) -> Path:
    """Write what is to be restored where the extension cannot be had, beside the dump."""
    entries = _output([program, "--list", source]).splitlines(keepends=True)
    chosen = source.with_suffix(".list")
    chosen.write_text("".join(line for line in entries if not _OF_THE_EXTENSION.match(line)))
    return chosen


def _output(command: Sequence[str | Path]) -> str:
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        raise BackupFailedError(f"the dump could not be restored: {_reason(said.stderr)}")
    return said.stdout


def command_for(name: str, uri: str, options: Sequence[str]) -> tuple[list[str], Mapping[str, str]]:
    """Return the command line and the surroundings of one of PostgreSQL's programs that works on a whole server."""
    address, environment = _address(uri)
    return [str(_find(name, 0)), *options, f"--dbname={address}"], environment


def _define(uri: str, statements: str) -> None:
    with closing(psycopg2.connect(libpq_uri(uri))) as connection, connection, connection.cursor() as cursor:
        try:
            cursor.execute(statements)
        except psycopg2.Error as error:
            raise BackupFailedError(f"the dump could not be restored: {str(error).partition(chr(10))[0]}") from error


def _find(name: str, server_major: int) -> Path:
    """Return the program that came with the packages, else the system's."""
    found = _bundled(name) or shutil.which(name)
    if found is None:
        raise BackupFailedError(
            f"{name} is not installed", hint="Install PostgreSQL's client programs (Debian: postgresql-client)."
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"(\d+)", said)
    if version is None:
        raise BackupFailedError(f"{found} does not run on this system")
    if int(version[1]) < server_major:
        raise BackupFailedError(
            f"{found} is version {version[1]}, and the server is PostgreSQL {server_major}",
            hint=f"Install the client programs of PostgreSQL {server_major} or newer.",
        )
    return Path(found)


def _bundled(name: str) -> Path | None:
    try:
        path = find_binaries().bin / name
    except UnavailableError:
        return None
    return path if path.exists() else None


def _run(command: Sequence[str | Path], uri: str, complaint: str) -> None:
    address, environment = _address(uri)
    with tempfile.TemporaryFile() as said:
        running = process.start([*command, f"--dbname={address}"], environment=environment, output=said.fileno())
        try:
            code = running.wait()
        finally:
            running.kill()
            running.wait()
        if code != 0:
            said.seek(0)
            raise BackupFailedError(f"{complaint}: {_reason(said.read().decode('utf-8', errors='replace'))}")


def _reason(output: str) -> str:
    complaints = [line.partition("error: ")[2] for line in output.splitlines() if "error: " in line]
    return complaints[0] if complaints else reason_in(output)


def _address(uri: str) -> tuple[str, Mapping[str, str]]:
    """Return the address without its password, which other users could read in the list of processes."""
    values = parse_dsn(libpq_uri(uri))
    password = values.pop("password", None)
    environment = {"LC_ALL": "C", "PATH": os.defpath, "HOME": "/nonexistent"}
    return make_dsn(**values), {**environment, "PGPASSWORD": password} if password else environment
