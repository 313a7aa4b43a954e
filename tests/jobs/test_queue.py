from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from homeport.jobs.models import Job
from homeport.jobs.queue import enqueue


def test_a_job_waits_in_the_transaction_that_causes_it(session):
    enqueue(session, "mail", {"to": "ada"})
    job = session.scalars(select(Job)).one()
    assert (job.kind, job.payload, job.attempts) == ("mail", {"to": "ada"}, 0)


def test_of_jobs_with_one_key_only_one_waits_and_at_the_earlier_time(session):
    early, late = (datetime(2030, 1, day, tzinfo=UTC) for day in (1, 2))
    for moment in (late, early, late + timedelta(days=1)):
        enqueue(session, "render", {"at": moment.day}, run_at=moment, key="entry 1")
    job = session.scalars(select(Job)).one()
    assert (job.run_at, job.payload) == (early, {"at": 3})
