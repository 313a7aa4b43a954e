"""Moves a data folder to a newer major version of PostgreSQL: copied beside it, compared, and only then exchanged."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from homeport.errors import ConflictError, UnavailableError
from homeport.ops import files
from homeport.ops.backup import databases, programs
from homeport.ops.backup.comparing import hash_tables
from homeport.ops.backup.restoring import compare_counts
from homeport.ops.folder import DataFolder
from homeport.ops.postgres.binaries import Binaries, find_binaries
from homeport.ops.postgres.cluster import major_of_cluster
from homeport.ops.postgres.elsewhere import find_other_binaries
from homeport.ops.postgres.exchange import complete_exchange, folder_of_successor, mark_ready
from homeport.ops.postgres.server import Server
from homeport.ops.tenancy import COMMAND, occupy

DUMP = "database.dump"


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which version to which, how much was compared, and where the former files are."""

    former: int
    current: int
    rows: int
    kept: Path


def upgrade_cluster(folder: DataFolder, programs_folder: Path | None = None) -> Upgraded | None:
    """Move the site's database to the version that this release brings; None when it is there already.

    Whatever fails leaves the former files as they were, and in use. Raises OccupiedError while the site runs,
    ConflictError for files that cannot be upgraded, UnavailableError without the programs that can read them.
    """
    with occupy(folder, COMMAND):
        complete_exchange(folder)
        ours = find_binaries()
        former = major_of_cluster(folder.cluster)
        if former == ours.major:
            return None
        if former > ours.major:
            raise ConflictError(
                f"{folder.cluster} was written by PostgreSQL {former}, and this release brings {ours.major}",
                hint="Install the release of Homeport that wrote it, or a newer one.",
            )
        theirs = find_other_binaries(former, programs_folder)
        successor = DataFolder(folder_of_successor(folder))
        shutil.rmtree(successor.root, ignore_errors=True)
        try:
            rows = _copy(folder, theirs, successor, ours)
        except BaseException:
            shutil.rmtree(successor.root, ignore_errors=True)
            raise
        kept = folder.cluster.with_name(f"{folder.cluster.name}-{former}-{datetime.now(UTC):%Y%m%d%H%M%S}")
        mark_ready(successor)
        folder.cluster.rename(kept)
        complete_exchange(folder)
    return Upgraded(former, ours.major, rows, kept)


def _copy(folder: DataFolder, theirs: Binaries, successor: DataFolder, ours: Binaries) -> int:
    """Copy one database into the other and compare both; return the number of rows."""
    successor.prepare()
    with _started(Server(folder, binaries=theirs)) as source, _started(Server(successor, binaries=ours)) as target:
        dump = successor.root / DUMP
        with databases.snapshot(source.uri) as seen:
            programs.dump(source.uri, dump, snapshot=seen.name, server_major=seen.server_major)
        programs.load(target.uri, dump, server_major=ours.major)
        files.remove(dump)
        with databases.connected(target.uri) as connection, connection.cursor() as cursor:
            differing = compare_counts(seen.counts, databases.count_rows(cursor))
        if not differing:
            found = hash_tables(target.uri)
            differing = [name for name, value in hash_tables(source.uri).items() if found.get(name) != value]
        if differing:
            raise UnavailableError(
                f"the copy is not what was copied: {'; '.join(differing)}",
                hint="Nothing was changed. Look at the log of the database, and at the disk.",
            )
    return sum(seen.counts.values())


@contextmanager
def _started(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()
