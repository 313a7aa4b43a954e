"""What is told of a site that is well, of one whose database is away, and of what nobody knows."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from homeport.ops.backup.last import LastBackup
from homeport.ops.lastbackup import leave_word
from homeport.ops.metrics.catalogue import METRICS
from homeport.ops.metrics.collecting import Collector
from homeport.ops.metrics.counters import Counters
from homeport.ops.metrics.exposition import expose
from homeport.ops.notes import EDGE, LOG, LOG_PROOF, write_note
from homeport.settings import Settings

NOW = datetime.now(UTC)


@pytest.fixture
def collector(tmp_path, database, database_uri):
    counters = Counters.create()
    (tmp_path / "data" / "cache").mkdir(parents=True)
    settings = Settings.from_env({"DATA_DIR": str(tmp_path / "data"), "DB_URI": database_uri})
    yield Collector(counters, settings, os.getppid())
    counters.close()
    with database.engine.begin() as connection:
        connection.execute(text("delete from job"))


def told(collector):
    """Return every number by its name and labels as they are told."""
    lines = [line for line in expose(collector.collect()).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def note_all(collector):
    now = datetime.now(UTC)
    notes = collector.settings.paths.data / "notes"
    ends = (now + timedelta(days=50, hours=12)).isoformat()
    write_note(notes, EDGE, {"alarms": ["a"], "drift": [], "certificate_ends_at": ends}, at=now - timedelta(minutes=5))
    hour = timedelta(hours=1)
    leave_word(notes, LastBackup(now - hour, now - 3 * hour, copy_made_at=now - 2 * hour))
    write_note(notes, LOG, {}, at=now)
    write_note(notes, LOG_PROOF, {}, at=now - 4 * hour)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the kernel of Linux tells of memory")
def test_every_metric_of_the_catalogue_is_told(collector):
    note_all(collector)
    names = {name.partition("{")[0] for name in told(collector)}
    parts = {f"homeport_request_seconds_{part}" for part in ("bucket", "sum", "count")}
    assert names == {metric.full_name for metric in METRICS} - {"homeport_request_seconds"} | parts


def test_a_histogram_adds_up(collector):
    observe = collector.counters.claim()
    for seconds in (0.001, 0.3, 20.0):
        observe("/", 200, seconds)
    numbers = told(collector)
    assert numbers['homeport_request_seconds_bucket{le="0.005"}'] == 1
    assert numbers['homeport_request_seconds_bucket{le="0.25"}'] == 1
    assert numbers['homeport_request_seconds_bucket{le="0.5"}'] == 2
    assert numbers['homeport_request_seconds_bucket{le="10"}'] == 2
    assert numbers['homeport_request_seconds_bucket{le="+Inf"}'] == numbers["homeport_request_seconds_count"] == 3
    assert numbers["homeport_request_seconds_sum"] == pytest.approx(20.301)


def test_jobs_are_told_by_what_becomes_of_them(collector, database):
    with database.engine.begin() as connection:
        for rest, values in (
            (", run_at", ", now() - interval '90 s'"),
            (", run_at", ", now() + interval '1 h'"),
            (", failed_at", ", now()"),
        ):
            connection.execute(text(f"insert into job (kind, payload{rest}) values ('mail', '{{}}'{values})"))
    numbers = told(collector)
    assert numbers["homeport_jobs_waiting"] == 1
    assert numbers["homeport_jobs_failed"] == 1
    assert 90 <= numbers["homeport_jobs_oldest_seconds"] < 600


def test_without_a_database_the_rest_is_told(collector, tmp_path):
    settings = Settings.from_env({"DATA_DIR": str(tmp_path / "data"), "DB_URI": f"postgresql://x@/y?host={tmp_path}"})
    numbers = told(Collector(collector.counters, settings, collector.supervisor))
    assert numbers["homeport_database_up"] == 0
    assert "homeport_jobs_waiting" not in numbers
    assert 'homeport_requests_total{class="2xx"}' in numbers


def test_what_nobody_has_noted_is_left_out(collector):
    names = told(collector)
    assert not [name for name in names if name.startswith(("homeport_edge", "homeport_cert", "homeport_backup"))]


def test_notes_of_others_are_told(collector):
    note_all(collector)
    numbers = told(collector)
    assert 50 < numbers["homeport_certificate_days"] < 51
    assert (numbers["homeport_edge_alarms"], numbers["homeport_edge_drift"]) == (1, 0)
    assert 300 <= numbers["homeport_edge_age_seconds"] < 900
    assert 3600 <= numbers["homeport_backup_age_seconds"] < 4200
    assert 3 * 3600 <= numbers["homeport_backup_proven_age_seconds"] < 3 * 3600 + 600


def test_a_reconciler_that_failed_does_not_tell_that_all_is_well(collector):
    write_note(collector.settings.paths.data / "notes", EDGE, {"error": "the proxy is away"}, at=NOW)
    numbers = told(collector)
    assert "homeport_edge_alarms" not in numbers
    assert "homeport_edge_age_seconds" in numbers


def test_disks_are_told_by_folder(collector):
    numbers = told(collector)
    for folder in ("data", "cache"):
        free = numbers[f'homeport_disk_free_bytes{{folder="{folder}"}}']
        assert 0 < free <= numbers[f'homeport_disk_size_bytes{{folder="{folder}"}}']
