from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, true, update

from homeport.jobs import queries
from homeport.jobs.models import Job
from homeport.jobs.queries import count_backlog, seconds_until_due
from homeport.jobs.queue import enqueue

LATER = datetime(2100, 1, 1, tzinfo=UTC)


def test_nothing_waits_in_an_empty_table(session):
    assert seconds_until_due(session.connection(), true()) is None
    assert count_backlog(session.connection()).oldest_due_at is None


def test_the_next_job_says_how_long_there_is_to_wait(session):
    now = session.execute(select(func.clock_timestamp())).scalar_one()
    enqueue(session, "late", {}, run_at=LATER)
    enqueue(session, "soon", {}, run_at=now + timedelta(seconds=60))
    assert seconds_until_due(session.connection(), true()) == pytest.approx(60, abs=5)


def test_a_job_that_another_worker_does_is_no_reason_to_wake_up(jobs):
    with jobs.transaction() as session:
        enqueue(session, "now", {})
    with jobs.transaction() as holder, jobs.transaction() as looker:
        holder.execute(select(Job).with_for_update())
        assert seconds_until_due(looker.connection(), true()) is None


def test_the_backlog_tells_new_jobs_from_those_that_have_failed_before(session):
    for kind in ("a", "b", "c"):
        enqueue(session, kind, {})
    enqueue(session, "d", {}, run_at=LATER)
    session.execute(update(Job).where(Job.kind == "a").values(attempts=2))
    session.execute(update(Job).where(Job.kind == "b").values(failed_at=func.now()))
    backlog = count_backlog(session.connection())
    assert (backlog.due, backlog.later, backlog.again) == (1, 1, 1)


def test_a_long_backlog_is_not_counted_to_its_end(session, monkeypatch):
    monkeypatch.setattr(queries, "COUNTED", 2)
    for _ in range(5):
        enqueue(session, "a", {})
    backlog = count_backlog(session.connection())
    assert (backlog.due, backlog.shown) == (3, {"due": "2+", "later": "0", "again": "0"})
