from datetime import UTC, datetime, timedelta

import pytest

from homeport.ops.notes import BACKUP, read_note, write_note

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_what_was_written_is_read(tmp_path):
    write_note(tmp_path / "notes", BACKUP, {"bytes": 12, "proven_at": NOW - timedelta(days=1)}, at=NOW)
    note = read_note(tmp_path / "notes", BACKUP)
    assert note.at == NOW
    assert note.facts["bytes"] == 12
    assert note.moment("proven_at") == NOW - timedelta(days=1)
    assert note.moment("nothing") is None
    assert note.age_seconds(NOW + timedelta(minutes=1)) == 60


def test_the_latest_note_takes_the_place_of_the_former(tmp_path):
    write_note(tmp_path, BACKUP, {}, at=NOW)
    write_note(tmp_path, BACKUP, {}, at=NOW + timedelta(days=1))
    assert read_note(tmp_path, BACKUP).at == NOW + timedelta(days=1)
    assert [path.name for path in tmp_path.iterdir()] == ["backup.json"]


def test_others_may_read_it(tmp_path):
    write_note(tmp_path, BACKUP, {}, at=NOW)
    assert (tmp_path / "backup.json").stat().st_mode & 0o777 == 0o644


def test_a_moment_without_a_zone_is_meant_as_utc(tmp_path):
    (tmp_path / "backup.json").write_text('{"at": "2026-03-04T05:06:07"}')
    assert read_note(tmp_path, BACKUP).at == NOW


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"at": "yesterday"}', '{"at": null}'])
def test_what_is_no_note_is_none(tmp_path, text):
    assert read_note(tmp_path, BACKUP) is None
    (tmp_path / "backup.json").write_text(text)
    assert read_note(tmp_path, BACKUP) is None
