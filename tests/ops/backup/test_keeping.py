"""What is kept, whatever there is."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeport.ops.backup.keeping import choose_kept, is_due

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.lists(
    st.integers(0, 10 * 365 * 24 * 60).map(lambda minutes: EPOCH + timedelta(minutes=minutes)), max_size=60
)
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
NIGHT = NOON.replace(hour=3)
HOUR = timedelta(hours=1)
# The rule is fast; the machine that tests it may have much else to do.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patiently
@given(MOMENTS)
def test_the_newest_is_always_kept(moments):
    assert not moments or max(moments) in choose_kept(moments)


@patiently
@given(MOMENTS)
def test_nothing_is_kept_that_was_not_there_and_never_more_than_the_rule_says(moments):
    kept = choose_kept(moments)
    assert kept <= set(moments)
    assert len(kept) <= 7 + 4 + 12


@patiently
@given(MOMENTS)
def test_what_was_kept_is_kept_again(moments):
    kept = choose_kept(moments)
    assert choose_kept(kept) == kept


@patiently
@given(MOMENTS)
def test_the_last_archive_of_each_of_the_last_seven_days_with_one_is_kept(moments):
    days = sorted({moment.date() for moment in moments}, reverse=True)[:7]
    assert {max(moment for moment in moments if moment.date() == day) for day in days} <= choose_kept(moments)


def test_two_years_of_nights_leave_a_week_a_month_and_a_year():
    kept = sorted(choose_kept(NIGHT - timedelta(days=day) for day in range(730)), reverse=True)
    assert kept[:7] == [NIGHT - timedelta(days=day) for day in range(7)]
    assert len({moment.isocalendar()[:2] for moment in kept[:10]}) >= 4
    assert len({(moment.year, moment.month) for moment in kept}) == 12


def test_the_first_archive_is_due_at_once():
    assert is_due(NOON, None, None)


def test_a_night_later_one_is_due_and_an_hour_later_none():
    assert is_due(NIGHT, NIGHT - 13 * HOUR, None)
    assert not is_due(NIGHT, NIGHT - HOUR, None)


def test_by_day_one_is_due_only_when_a_night_was_missed():
    assert not is_due(NOON, NOON - 23 * HOUR, None)
    assert is_due(NOON, NOON - 24 * HOUR, None)


def test_after_a_failure_there_is_a_pause():
    assert not is_due(NOON, NOON - 30 * HOUR, NOON - 5 * HOUR)
    assert is_due(NOON, NOON - 30 * HOUR, NOON - 6 * HOUR)
