"""Whoever keeps the log goes on whatever happens, and tells how it stands."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from homeport.drill import log
from homeport.drill.log import ship_log
from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.folder import DataFolder
from homeport.ops.lastbackup import last_backup
from tests.drill.test_watch import Stop


class Shipper:
    """Fails as often as it is told, and then no more."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.is_stopped = False

    def look(self, _now: datetime) -> None:
        self.failures -= 1
        if self.failures >= 0:
            raise BackupFailedError("the bucket is full", hint="Make room.")

    def stop(self) -> None:
        self.is_stopped = True


@pytest.fixture
def keep(site, monkeypatch):
    def keep_log(failures: int, looks: int) -> Shipper:
        shipper = Shipper(failures)
        monkeypatch.setattr(log, "_shipper", lambda _: shipper)
        ship_log(site.settings, Stop(looks))
        return shipper

    return keep_log


def safe_at(site) -> datetime | None:
    return last_backup(site.settings.backup.folder, DataFolder(site.folder).notes).log_safe_at


def test_a_failure_is_said_once_and_does_not_end_it(site, keep, caplog):
    assert keep(failures=3, looks=3).is_stopped
    assert safe_at(site) is None
    assert caplog.text.count("the log of the database is not safe: the bucket is full. Make room.") == 1


def test_as_soon_as_it_works_others_get_to_know(site, keep):
    keep(failures=1, looks=2)
    kept_at = safe_at(site)
    assert kept_at is not None
    assert datetime.now(UTC) - kept_at < timedelta(minutes=1)


def test_a_folder_of_notes_that_cannot_be_written_is_no_reason_to_stop(site, keep, caplog):
    DataFolder(site.folder).notes.parent.mkdir(parents=True)
    DataFolder(site.folder).notes.write_text("not a folder")
    keep(failures=0, looks=1)
    assert "cannot be noted down" in caplog.text


def test_the_real_one_makes_its_folder_and_is_stopped_before_it_begins(site):
    stop = threading.Event()
    stop.set()
    ship_log(site.settings, stop)
    assert not (site.settings.backup.folder / "wal").exists()
    log._shipper(site.settings).stop()
    assert (site.settings.backup.folder / "wal").is_dir()
