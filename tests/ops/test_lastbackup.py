import json
from datetime import UTC, datetime, timedelta

import pytest

from homeport.ops.lastbackup import CATALOGUE, LastBackup, last_backup
from homeport.ops.notes import BACKUP, write_note

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def known(tmp_path):
    """What is known of a folder with archives and one with notes, both below this one."""
    (tmp_path / "backups").mkdir()
    return lambda: last_backup(tmp_path / "backups", tmp_path / "notes")


def list_archives(folder, *archives, keep=True):
    listed = []
    for number, (made, proven) in enumerate(archives):
        name = f"homeport-{number}.age"
        listed.append({"name": name, "made_at": made.isoformat(), "proven_at": proven.isoformat() if proven else None})
        if keep:
            (folder / name).touch()
    (folder / CATALOGUE).write_text(json.dumps(listed))


def test_without_either_there_is_no_backup(known):
    assert known() == LastBackup(None, None)


def test_the_newest_archive_and_the_newest_proof_count(known, tmp_path):
    list_archives(tmp_path / "backups", (NOW - DAY, NOW - DAY), (NOW, None), (NOW - 2 * DAY, NOW - 2 * DAY))
    assert known() == LastBackup(NOW, NOW - DAY)


def test_an_archive_that_is_gone_is_no_backup(known, tmp_path):
    list_archives(tmp_path / "backups", (NOW, NOW), keep=False)
    assert known() == LastBackup(None, None)


def test_who_does_not_see_the_archives_reads_the_note(known, tmp_path):
    write_note(tmp_path / "notes", BACKUP, {"proven_at": NOW - DAY}, at=NOW)
    assert known() == LastBackup(NOW, NOW - DAY)
    list_archives(tmp_path / "backups", (NOW - 2 * DAY, NOW - 2 * DAY))
    assert known() == LastBackup(NOW, NOW - DAY)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"name": "x"}]', '[{"name": ".", "made_at": "yesterday"}]'])
def test_a_damaged_catalogue_lists_nothing(known, tmp_path, text):
    (tmp_path / "backups" / CATALOGUE).write_text(text)
    assert known() == LastBackup(None, None)
