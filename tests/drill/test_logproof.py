"""The log is proven once a night where it is kept, and others get to know when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from homeport.drill.logproof import prove_log
from homeport.drill.night import make_what_is_due
from homeport.errors import ConflictError, NotFoundError
from homeport.ops.backup.errors import UnreadableArchiveError
from homeport.ops.backup.wal import proving
from homeport.ops.backup.wal.folder import name_of_base
from homeport.ops.backup.wal.proving import LogProof
from homeport.ops.folder import DataFolder
from homeport.ops.lastbackup import last_backup

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
FIRST = "000000010000000000000002"


@pytest.fixture
def settings(site):
    """A site with a proven archive of now, whose log is kept and can be proven."""
    make_what_is_due(site.settings, datetime.now(UTC), None)
    (site.folder / "proving").mkdir()
    wal = site.settings.backup.folder / "wal"
    wal.mkdir()
    (wal / name_of_base(NOON, FIRST)).touch()
    return site.settings.replace(backup=replace(site.settings.backup, has_log=True))


@pytest.fixture
def proofs(monkeypatch) -> list[datetime]:
    """The proofs that were asked for; each is one."""
    made: list[datetime] = []

    def prove(*_):
        made.append(datetime.now(UTC))
        return LogProof(NOON, 3, made[-1])

    monkeypatch.setattr(proving, "prove_log", prove)
    return made


def proven_at(settings) -> datetime | None:
    return last_backup(settings.backup.folder, DataFolder(settings.paths.data).notes).log_proven_at


def test_it_is_proven_once_and_again_after_a_day(settings, proofs):
    now = datetime.now(UTC)
    assert make_what_is_due(settings, now, None)
    assert not make_what_is_due(settings, now, None)
    assert [proven_at(settings)] == proofs
    make_what_is_due(settings, now + timedelta(hours=25), None)
    assert len(proofs) == 2


def test_after_a_failure_it_waits_some_hours(settings, proofs):
    now = datetime.now(UTC)
    assert not make_what_is_due(settings, now, now - timedelta(hours=1))
    assert make_what_is_due(settings, now, now - timedelta(hours=7))
    assert len(proofs) == 1


def test_where_it_is_not_kept_or_nobody_can_there_is_nothing_to_do(settings, proofs):
    now = datetime.now(UTC)
    assert not make_what_is_due(settings.replace(backup=replace(settings.backup, has_log=False)), now, None)
    (settings.paths.data / "proving").rmdir()
    assert not make_what_is_due(settings, now, None)
    with pytest.raises(NotFoundError, match="nobody who would start a server"):
        prove_log(settings)
    assert (proofs, proven_at(settings)) == ([], None)


def test_a_log_that_is_not_proven_is_not_passed_off_as_one_that_was(settings):
    with pytest.raises(UnreadableArchiveError):
        make_what_is_due(settings, datetime.now(UTC), None)
    assert proven_at(settings) is None


def test_two_at_once_would_take_it_from_each_other(settings):
    with proving._alone_in(settings.paths.data / "proving"), pytest.raises(ConflictError, match="proven already"):
        prove_log(settings)
