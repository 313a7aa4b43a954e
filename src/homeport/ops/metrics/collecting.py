"""Gathers what is told: from the counters, the database, the notes of others, the disks, the processes."""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from homeport import __version__
from homeport.ops.asking import DatabaseSilentError, Questioner, asking
from homeport.ops.folder import DataFolder
from homeport.ops.lastbackup import last_backup
from homeport.ops.metrics import counters as columns
from homeport.ops.metrics.counters import Counters
from homeport.ops.metrics.exposition import Sample
from homeport.ops.metrics.memory import memory_of
from homeport.ops.notes import EDGE, read_note
from homeport.settings import Settings

DATABASE_SECONDS = 3.0
DAY_SECONDS = 86_400.0

DATABASE = (
    "select (select count(*) from pg_stat_activity where datname = current_database()),"
    " current_setting('max_connections')::int, pg_database_size(current_database()),"
    " to_regclass('job') is not null"
)
JOBS = (
    "select count(*) filter (where failed_at is null and run_at <= clock_timestamp()),"
    " count(*) filter (where failed_at is not null),"
    " coalesce(extract(epoch from clock_timestamp() - min(run_at)"
    " filter (where failed_at is null and run_at <= clock_timestamp())), 0)::float from job"
)


@dataclass(frozen=True)
class Collector:
    """Whoever knows where everything is."""

    counters: Counters
    settings: Settings
    supervisor: int

    def collect(self) -> Iterator[Sample]:
        """Yield everything that is known at this moment; what is not known is left out."""
        now = datetime.now(UTC)
        yield Sample("info", 1, {"version": __version__})
        yield Sample("start_time_seconds", self.counters.started_at)
        yield from _requests(self.counters.totals())
        for service, times in self.counters.restarts().items():
            yield Sample("restarts_total", times, {"service": service})
        for name, size in memory_of(self.supervisor).items():
            yield Sample("memory_bytes", size, {"process": name})
        yield from _database(self.settings.db.uri)
        yield from _disks(self.settings)
        yield from _edge(DataFolder(self.settings.paths.data).notes, now)
        yield from _backup(self.settings, now)


def _requests(totals: Sequence[float]) -> Iterator[Sample]:
    for number, name in enumerate(columns.CLASSES):
        yield Sample("requests_total", totals[number], {"class": name})
    below = 0.0
    for number, bound in enumerate((*columns.BOUNDS, float("inf"))):
        below += totals[columns.FIRST_BOUND + number]
        le = "+Inf" if bound == float("inf") else f"{bound:g}"
        yield Sample("request_seconds", below, {"le": le}, "_bucket")
    yield Sample("request_seconds", totals[columns.SECONDS], suffix="_sum")
    yield Sample("request_seconds", below, suffix="_count")
    yield Sample("not_modified_total", totals[columns.NOT_MODIFIED])
    yield Sample("stored_total", totals[columns.STORED])
    yield Sample("workers_started_total", totals[columns.STARTS])


def _database(uri: str) -> Iterator[Sample]:
    began = time.monotonic()
    try:
        with asking(uri, seconds=DATABASE_SECONDS) as database:
            known = _ask(database)
    except DatabaseSilentError:
        yield Sample("database_up", 0)
        return
    yield Sample("database_up", 1)
    yield Sample("database_answer_seconds", time.monotonic() - began)
    for name, value in known.items():
        yield Sample(name, value)


def _ask(database: Questioner) -> dict[str, float]:
    connections, most, size, has_jobs = database.one(DATABASE)
    known = {"database_connections": connections, "database_connections_max": most, "database_size_bytes": size}
    if has_jobs:
        names = ("jobs_waiting", "jobs_failed", "jobs_oldest_seconds")
        known.update(zip(names, database.one(JOBS), strict=True))
    return known


def _disks(settings: Settings) -> Iterator[Sample]:
    folders = {"data": settings.paths.data, "cache": settings.paths.cache}
    rooms = {name: os.statvfs(folder) for name, folder in folders.items() if folder.exists()}
    for name, room in rooms.items():
        yield Sample("disk_free_bytes", room.f_bavail * room.f_frsize, {"folder": name})
    for name, room in rooms.items():
        yield Sample("disk_size_bytes", room.f_blocks * room.f_frsize, {"folder": name})


def _edge(notes: Path, now: datetime) -> Iterator[Sample]:
    note = read_note(notes, EDGE)
    if note is None:
        return
    if ends_at := note.moment("certificate_ends_at"):
        yield Sample("certificate_days", (ends_at - now).total_seconds() / DAY_SECONDS)
    if "error" not in note.facts:
        yield Sample("edge_alarms", len(cast("list[str]", note.facts.get("alarms") or [])))
        yield Sample("edge_drift", len(cast("list[str]", note.facts.get("drift") or [])))
    yield Sample("edge_age_seconds", note.age_seconds(now))


def _backup(settings: Settings, now: datetime) -> Iterator[Sample]:
    last = last_backup(settings.backup.folder, DataFolder(settings.paths.data).notes)
    if last.made_at is not None:
        yield Sample("backup_age_seconds", (now - last.made_at).total_seconds())
    if last.proven_at is not None:
        yield Sample("backup_proven_age_seconds", (now - last.proven_at).total_seconds())
    if last.copy_made_at is not None:
        yield Sample("backup_copy_age_seconds", (now - last.copy_made_at).total_seconds())
    if last.log_safe_at is not None:
        yield Sample("backup_log_age_seconds", (now - last.log_safe_at).total_seconds())
    if last.log_proven_at is not None:
        yield Sample("backup_log_proven_age_seconds", (now - last.log_proven_at).total_seconds())
    if last.made_at is not None or last.failed_at is not None:
        yield Sample("backup_failed", 1 if last.failed_at else 0)
