"""Counting in windows of time, by the database's clock."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select, update

from homeport.accounts.limits import LONGEST_WINDOW, LimitReachedError, hit, in_words, purge_counts
from homeport.accounts.proofs import RateCount

HOUR = 3600


@pytest.fixture
def key(database):
    key = f"test:{uuid4().hex}"
    yield key
    with database.record_now() as connection:
        connection.execute(delete(RateCount).where(RateCount.key == key))


def test_it_lets_as_many_through_as_the_limit_says(own_database):
    for _ in range(3):
        hit(own_database, "a", limit=3, window_seconds=HOUR)
    with pytest.raises(LimitReachedError) as caught:
        hit(own_database, "a", limit=3, window_seconds=HOUR)
    assert 0 < caught.value.retry_after <= HOUR + 1
    assert "Try again in" in caught.value.hint


def test_each_key_has_its_own_count(own_database):
    hit(own_database, "a", limit=1, window_seconds=HOUR)
    hit(own_database, "b", limit=1, window_seconds=HOUR)


def test_a_new_window_begins_at_zero(own_database, session):
    hit(own_database, "a", limit=1, window_seconds=HOUR)
    session.execute(update(RateCount).values(window_start=RateCount.window_start - LONGEST_WINDOW / 24))
    hit(own_database, "a", limit=1, window_seconds=HOUR)


def test_a_refusal_does_not_take_its_count_back(database, key):
    with pytest.raises(LimitReachedError), database.transaction():
        hit(database, key, limit=0, window_seconds=HOUR)
    with database.reader() as connection:
        assert connection.scalar(select(RateCount.count).where(RateCount.key == key)) == 1


def test_nobody_slips_through_by_coming_at_the_same_moment(database, key):
    def is_let_through(_):
        try:
            hit(database, key, limit=5, window_seconds=HOUR)
        except LimitReachedError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(is_let_through, range(20))) == 5


def test_windows_that_are_over_are_forgotten(own_database, session, connection):
    hit(own_database, "new", limit=1, window_seconds=HOUR)
    hit(own_database, "old", limit=1, window_seconds=HOUR)
    gone = RateCount.key == "old"
    session.execute(update(RateCount).where(gone).values(window_start=func.now() - LONGEST_WINDOW * 2))
    assert purge_counts(connection) == 1
    assert session.scalars(select(RateCount.key)).all() == ["new"]


@pytest.mark.parametrize(("seconds", "words"), [(1, "a second"), (89, "89 seconds"), (900, "15 minutes")])
def test_a_wait_is_told_in_words(seconds, words):
    assert in_words(seconds) == words
