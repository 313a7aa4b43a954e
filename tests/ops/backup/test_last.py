"""What is said about the newest archive."""

from datetime import UTC, datetime, timedelta

from homeport.ops.backup.last import LastBackup, age_in_words

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_without_an_archive_it_says_how_to_get_one():
    assert LastBackup(None, None).sentence(NOW) == "There is no backup yet; `homeport backup` makes one."


def test_before_the_first_archive_the_remedy_is_all_that_is_reported():
    assert LastBackup(None, None).report(NOW) == "There is no backup yet; `homeport backup` makes one."
    made, kept = LastBackup(NOW, NOW), LastBackup(None, None, log_safe_at=NOW)
    for last in (made, kept):
        assert last.report(NOW) == f"{last.sentence(NOW)} {last.bound_sentence(NOW)}"


def test_an_archive_that_was_never_proven_is_not_passed_off_as_one_that_was():
    last = LastBackup(NOW - 3 * HOUR, None)
    assert last.sentence(NOW) == "The last backup is 3 h old, last proven restorable: never."
    assert last.is_overdue(NOW)


def test_both_ages_are_told():
    last = LastBackup(NOW - HOUR / 2, NOW - 30 * HOUR)
    assert last.sentence(NOW) == "The last backup is 30 min old, last proven restorable: 30 h ago."
    assert last.as_json() == {
        "made_at": "2026-06-15T11:30:00+00:00",
        "proven_at": "2026-06-14T06:00:00+00:00",
        "failed_at": None,
        "copy_made_at": None,
        "log_safe_at": None,
        "log_proven_at": None,
    }


def test_what_could_be_lost_is_a_minute_with_the_log_and_all_since_the_archive_without():
    last = LastBackup(NOW - 14 * HOUR, NOW)
    assert last.bound_sentence(NOW).endswith("is not kept: what was written in the last 14 h could be lost.")
    kept = LastBackup(NOW - 14 * HOUR, NOW, log_safe_at=NOW)
    assert "no more than the last two minutes" in kept.bound_sentence(NOW)
    assert kept.bound_sentence(NOW).endswith("The log was last proven restorable: never.")
    proven = LastBackup(NOW, NOW, log_safe_at=NOW, log_proven_at=NOW - 3 * HOUR)
    assert proven.bound_sentence(NOW).endswith("The log was last proven restorable: 3 h ago.")
    assert proven.as_json()["log_proven_at"] == "2026-06-15T09:00:00+00:00"
    assert "is not kept for 3 h: what was written in the last 17 h" in kept.bound_sentence(NOW + 3 * HOUR)
    assert LastBackup(None, None).bound_sentence(NOW).endswith("everything could be lost.")


def test_the_age_of_the_copy_elsewhere_is_told_where_there_is_one():
    last = LastBackup(NOW, NOW, copy_made_at=NOW - 30 * HOUR)
    assert last.sentence(NOW).endswith("The last copy elsewhere is 30 h old.")
    assert last.as_json()["copy_made_at"] == "2026-06-14T06:00:00+00:00"


def test_a_failure_is_told_with_its_reason():
    assert (
        LastBackup(None, None, NOW - HOUR, "no room. Make some.")
        .sentence(NOW)
        .endswith(" It failed 1 h ago: no room. Make some.")
    )


def test_two_nights_without_a_proof_are_too_many():
    assert not LastBackup(NOW, NOW - 48 * HOUR).is_overdue(NOW)
    assert LastBackup(NOW, NOW - 49 * HOUR).is_overdue(NOW)


def test_ages_are_told_in_the_unit_that_fits():
    assert [age_in_words(HOUR * hours) for hours in (0, 0.5, 1, 47, 48, 200)] == [
        "0 min",
        "30 min",
        "1 h",
        "47 h",
        "2 days",
        "8 days",
    ]
