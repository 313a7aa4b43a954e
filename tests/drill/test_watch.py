"""The backup that keeps watch: nights, failures, and what the others get to know."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from homeport.drill.watch import watch
from homeport.ops.backup import programs
from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.backup.making import make_backup
from homeport.ops.folder import DataFolder
from homeport.ops.lastbackup import last_backup

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


class Stop(threading.Event):
    """Ends the watch after some looks, without waiting between them."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.left = looks

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        if not self.left:
            self.set()
        return self.is_set()


@pytest.fixture
def notes(site):
    return DataFolder(site.folder).notes


@pytest.fixture
def elsewhere(site, notes):
    """What is known where the archives are not seen."""
    return lambda: last_backup(site.folder / "nowhere", notes)


def test_the_first_look_makes_an_archive_proves_it_and_tells_the_others(site, elsewhere):
    watch(site.settings, Stop(3))
    [archive] = site.source.shelf.list_archives()
    assert archive.proven_at
    assert (elsewhere().made_at, elsewhere().proven_at) == (archive.made_at, archive.proven_at)


def test_what_was_made_by_hand_meanwhile_is_proven_and_told_too(site, elsewhere):
    watch(site.settings, Stop(1))
    made = make_backup(site.source)
    watch(site.settings, Stop(1))
    assert elsewhere().made_at == made.made_at
    assert elsewhere().proven_at > made.made_at


def test_a_failure_is_told_and_tried_again_after_hours_not_minutes(site, elsewhere, monkeypatch):
    tries = []

    def fail(*_, **__):
        tries.append(1)
        raise BackupFailedError("the disk is full", hint="Make room.")

    monkeypatch.setattr(programs, "dump", fail)
    watch(site.settings, Stop(3), now=lambda: NOON)
    assert len(tries) == 1
    assert (elsewhere().failed_at, elsewhere().failure) == (NOON, "the disk is full. Make room.")
    watch(site.settings, Stop(1), now=lambda: NOON + timedelta(hours=7))
    assert len(tries) == 2
    monkeypatch.undo()
    watch(site.settings, Stop(1), now=lambda: NOON + timedelta(hours=14))
    assert elsewhere().failed_at is None
    assert elsewhere().proven_at


def test_a_copy_that_fails_is_told_and_tried_again_and_the_archive_is_proven_all_the_same(site, elsewhere, tmp_path):
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "folder"
    settings = site.settings.replace(backup=replace(site.settings.backup, copy_folder=folder))
    watch(settings, Stop(2), now=lambda: NOON)
    [archive] = site.source.shelf.list_archives()
    assert archive.proven_at
    assert elsewhere().failed_at == NOON
    assert "cannot be used for archives" in elsewhere().failure
    (tmp_path / "file").unlink()
    watch(settings, Stop(1), now=lambda: NOON + timedelta(hours=7))
    assert (folder / archive.name).exists()
    assert (elsewhere().failed_at, elsewhere().copy_made_at) == (None, archive.made_at)


def test_a_folder_of_notes_that_cannot_be_written_is_no_reason_to_stop(site, notes, caplog):
    notes.parent.mkdir(parents=True)
    notes.write_text("not a folder")
    watch(site.settings, Stop(1))
    assert site.source.shelf.list_archives()[0].proven_at
    assert "cannot be noted down" in caplog.text
