from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select, update

from homeport.errors import NotFoundError
from homeport.jobs import actions
from homeport.jobs.actions import (
    MOST_TRIES,
    claim_job,
    delete_job,
    fail_job,
    finish_job,
    hold_job,
    pause_seconds,
    purge_dead_letters,
    retry_job,
)
from homeport.jobs.models import Job
from homeport.jobs.queries import list_failed_jobs
from homeport.jobs.queue import enqueue


@pytest.fixture(autouse=True)
def one_job(session):
    enqueue(session, "count", {"to": 3})


def make_due(session):
    session.execute(update(Job).values(run_at=func.now()))


def seconds_to_go(session) -> float:
    return session.execute(select(func.extract("epoch", Job.run_at - func.clock_timestamp()))).scalar_one()


def test_a_claimed_job_is_not_due_again_at_once(session):
    claimed = claim_job(session.connection())
    assert claimed is not None
    assert (claimed.kind, claimed.payload, claimed.attempts) == ("count", {"to": 3}, 1)
    assert claim_job(session.connection()) is None
    assert 0.5 < seconds_to_go(session) < 1.5


def test_a_job_to_come_is_left_alone(session):
    session.execute(update(Job).values(run_at=func.now() + timedelta(minutes=1)))
    assert claim_job(session.connection()) is None


def test_the_job_that_waits_longest_comes_first(session):
    enqueue(session, "older", {}, run_at=session.execute(select(func.now())).scalar_one() - timedelta(hours=1))
    claimed = claim_job(session.connection())
    assert claimed is not None
    assert claimed.kind == "older"


def test_a_finished_job_is_gone(session):
    claimed = claim_job(session.connection())
    finish_job(session.connection(), claimed)
    assert session.scalars(select(Job)).all() == []


def test_a_job_that_fails_waits_longer_each_time_and_is_kept_in_the_end(session):
    waited = []
    for attempt in range(1, MOST_TRIES + 1):
        make_due(session)
        claimed = claim_job(session.connection())
        assert claimed.attempts == attempt
        is_last = fail_job(session.connection(), claimed, "no room\x00")
        assert is_last == (attempt == MOST_TRIES)
        waited.append(seconds_to_go(session))
    assert all(later > 2 * sooner for sooner, later in pairwise(waited[:-1]))
    assert waited[-2] > 3600
    make_due(session)
    assert claim_job(session.connection()) is None
    [letter] = list_failed_jobs(session.connection())
    assert (letter.kind, letter.attempts, letter.error) == ("count", MOST_TRIES, "no room")


def test_a_job_that_kills_its_worker_each_time_is_given_up_too(session):
    for _ in range(MOST_TRIES):
        make_due(session)
        assert claim_job(session.connection()) is not None
    make_due(session)
    claimed = claim_job(session.connection())
    assert not hold_job(session.connection(), claimed)
    assert list_failed_jobs(session.connection())[0].error == actions.LOST


def test_a_claim_that_another_worker_has_renewed_is_void(session):
    first = claim_job(session.connection())
    make_due(session)
    second = claim_job(session.connection())
    assert not hold_job(session.connection(), first)
    assert hold_job(session.connection(), second)


def test_a_failed_job_gives_way_to_a_newer_one_with_its_key(session):
    session.execute(update(Job).values(key="entry 1"))
    claimed = claim_job(session.connection())
    enqueue(session, "count", {"to": 4}, key="entry 1")
    fail_job(session.connection(), claimed, "no room")
    assert [job.payload for job in session.scalars(select(Job))] == [{"to": 4}]


def test_pauses_differ_so_that_not_all_come_back_together():
    assert len({pause_seconds(3) for _ in range(20)}) > 1


class TestDeadLetters:
    @pytest.fixture
    def letter(self, session) -> int:
        session.execute(update(Job).values(failed_at=func.now(), attempts=8, error="no room"))
        return session.scalars(select(Job.id)).one()

    def test_one_is_tried_again_from_the_start(self, session, letter):
        retry_job(session, letter)
        claimed = claim_job(session.connection())
        assert (claimed.id, claimed.attempts) == (letter, 1)

    def test_one_is_thrown_away(self, session, letter):
        delete_job(session, letter)
        assert list_failed_jobs(session.connection()) == ()

    @pytest.mark.parametrize("change", [retry_job, delete_job])
    def test_a_job_that_waits_is_not_touched(self, session, letter, change):
        session.execute(update(Job).values(failed_at=None))
        with pytest.raises(NotFoundError):
            change(session, letter)

    def test_old_ones_go_by_themselves(self, session, letter):
        purge_dead_letters(session)
        assert len(list_failed_jobs(session.connection())) == 1
        session.execute(update(Job).values(failed_at=func.now() - timedelta(days=91)))
        purge_dead_letters(session)
        assert list_failed_jobs(session.connection()) == ()
