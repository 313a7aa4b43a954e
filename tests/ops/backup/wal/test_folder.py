"""Which pieces belong together, and which nobody needs."""

from datetime import UTC, datetime, timedelta

import pytest

from homeport.ops.backup.wal.folder import LogFolder, follows, name_of_base

NOW = datetime(2026, 6, 15, 3, tzinfo=UTC)


def piece(number: int, timeline: int = 1) -> str:
    return f"{timeline:08X}{number // 256:08X}{number % 256:08X}"


@pytest.fixture
def folder(tmp_path) -> LogFolder:
    return LogFolder(tmp_path)


def put(folder: LogFolder, *numbers: int, timeline: int = 1) -> None:
    for number in numbers:
        (folder.root / f"{piece(number, timeline)}.gz.age").touch()


def base(folder: LogFolder, number: int, days: int = 0, timeline: int = 1) -> None:
    (folder.root / name_of_base(NOW - timedelta(days=days), piece(number, timeline))).touch()


def test_a_piece_follows_across_what_postgresql_calls_a_file():
    assert follows(piece(256), piece(255))
    assert not follows(piece(257), piece(255))
    assert not follows(piece(256, timeline=2), piece(255))


def test_the_first_base_backup_is_needed_then_one_a_week(folder):
    assert folder.needs_base(NOW)
    base(folder, 5, days=6)
    assert not folder.needs_base(NOW)
    assert folder.needs_base(NOW + timedelta(days=1))


def test_a_gap_or_a_new_timeline_needs_another_base_backup(folder):
    base(folder, 5)
    put(folder, 4, 5, 6)
    assert not folder.needs_base(NOW)
    assert folder.chain_from(piece(5)) == [piece(5), piece(6)]
    put(folder, 8)
    assert folder.needs_base(NOW)
    assert folder.chain_from(piece(5)) == [piece(5), piece(6)]
    base(folder, 8, days=-1)
    assert not folder.needs_base(NOW)
    put(folder, 9, timeline=2)
    assert folder.needs_base(NOW)


def test_two_base_backups_stay_and_the_log_from_the_older_one_on(folder):
    for number, days in ((5, 21), (15, 14), (25, 7)):
        base(folder, number, days)
    put(folder, *range(4, 30))
    folder.prune()
    assert [each.first for each in folder.list_bases()] == [piece(15), piece(25)]
    assert folder.list_sealed()[0] == piece(15)
