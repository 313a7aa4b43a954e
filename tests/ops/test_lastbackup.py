from datetime import UTC, datetime, timedelta

import pytest

from homeport.ops.backup.catalogue import Archive
from homeport.ops.backup.last import LastBackup
from homeport.ops.backup.shelf import Shelf
from homeport.ops.lastbackup import last_backup, leave_word

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def shelf(tmp_path):
    (tmp_path / "backups").mkdir()
    return Shelf(tmp_path / "backups")


@pytest.fixture
def known(tmp_path, shelf):
    """What is known of a folder with archives and one with notes, both below the test's own."""
    return lambda: last_backup(shelf.folder, tmp_path / "notes")


def put(shelf, made_at, proven_at=None):
    unfinished = shelf.folder / "unfinished"
    unfinished.write_bytes(b"abc")
    shelf.take_in(unfinished, Archive(shelf.new_name(made_at), made_at, 3, proven_at))


def test_without_either_there_is_no_backup(known):
    assert known() == LastBackup(None, None)


def test_the_newest_archive_and_the_newest_proof_count(known, shelf):
    put(shelf, NOW - DAY, NOW - DAY)
    put(shelf, NOW)
    assert known() == LastBackup(NOW, NOW - DAY)


def test_an_archive_that_is_gone_is_no_backup(known, shelf):
    put(shelf, NOW, NOW)
    for path in shelf.folder.glob("*.age"):
        path.unlink()
    assert known() == LastBackup(None, None)


def test_who_does_not_see_the_archives_reads_the_note(known, shelf, tmp_path):
    leave_word(tmp_path / "notes", LastBackup(NOW, NOW - DAY))
    assert known() == LastBackup(NOW, NOW - DAY)
    put(shelf, NOW - 2 * DAY, NOW)
    assert known() == LastBackup(NOW, NOW)


def test_a_note_without_a_proof_takes_none_away(known, shelf, tmp_path):
    put(shelf, NOW - DAY, NOW - DAY)
    leave_word(tmp_path / "notes", LastBackup(NOW, None))
    assert known() == LastBackup(NOW, NOW - DAY)


def test_a_night_that_failed_is_told_though_there_is_no_archive_at_all(known, tmp_path):
    leave_word(tmp_path / "notes", LastBackup(None, None, NOW, "the disk is full"))
    assert known() == LastBackup(None, None, NOW, "the disk is full")
