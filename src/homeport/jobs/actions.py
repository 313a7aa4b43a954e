"""Every change of a job after it was put into the table: taken, done, failed, tried again, thrown away."""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, func, select, text, true, update
from sqlalchemy.orm import Session, aliased

from homeport.errors import NotFoundError
from homeport.jobs.models import Job
from homeport.jobs.queue import CHANNEL

MOST_TRIES = 8
FIRST_PAUSE_SECONDS = 1.0
PAUSE_FACTOR = 5
"""Pauses of 1 s, 5 s, 25 s, 2 min, 10 min, 52 min, 4 h 20 min: five and a half hours in all."""

JITTER = 0.25
LONGEST_ERROR = 2000
KEPT_DAYS = 90
LOST = "The worker ended in the middle of this, each time."

_DATABASE_NOW = func.clock_timestamp()
_ALL = true()


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job that this worker is about to do; `attempts` counts this time too."""

    id: int
    kind: str
    payload: dict[str, Any]
    key: str | None
    attempts: int


def claim_job(connection: Connection, among: ColumnElement[bool] = _ALL) -> ClaimedJob | None:
    """Take the job `among` these that is due the longest, or None when there is none that nobody else does.

    To be committed before the job is begun: the try is counted and the next one planned, should this one end with the
    worker's death.
    """
    due = (
        select(Job.id)
        .where(Job.failed_at.is_(None), Job.run_at <= _DATABASE_NOW, among)
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = connection.execute(
        update(Job)
        .where(Job.id == due)
        .values(attempts=Job.attempts + 1, claimed_at=_DATABASE_NOW)
        .returning(Job.id, Job.kind, Job.payload, Job.key, Job.attempts)
    ).one_or_none()
    if row is None:
        return None
    claimed = ClaimedJob(**row._asdict())
    if claimed.attempts > MOST_TRIES:
        give_up(connection, claimed, "")
    else:
        _postpone(connection, claimed)
    return claimed


def hold_job(connection: Connection, job: ClaimedJob) -> bool:
    """Lock a claimed job as long as the transaction lasts, so that nobody begins it too; say whether it is ours."""
    # The transaction sleeps as long as the handler works, and a server may have little patience with such.
    connection.execute(text("set local idle_in_transaction_session_timeout = 0"))
    wanted = select(Job.id).where(Job.id == job.id, Job.failed_at.is_(None), Job.attempts == job.attempts)
    return connection.execute(wanted.with_for_update(skip_locked=True)).one_or_none() is not None


def finish_job(connection: Connection, job: ClaimedJob) -> None:
    """Forget a job that is done."""
    connection.execute(delete(Job).where(Job.id == job.id))


def fail_job(connection: Connection, job: ClaimedJob, error: str) -> bool:
    """Plan the next try, or keep the job as a dead letter after the last one; say whether that was it.

    A job whose key waits a second time is dropped: the other one does the same.
    """
    if job.attempts >= MOST_TRIES:
        give_up(connection, job, error)
        return True
    other = aliased(Job)
    waits_again = exists().where(other.key == job.key, other.claimed_at.is_(None), other.failed_at.is_(None))
    if connection.execute(delete(Job).where(Job.id == job.id, waits_again)).rowcount == 0:
        _postpone(connection, job, error=_bounded(error))
    return False


def give_up(connection: Connection, job: ClaimedJob, error: str) -> None:
    """Keep a job that will not be tried again as a dead letter."""
    words = _bounded(error) or func.coalesce(func.nullif(Job.error, ""), LOST)
    connection.execute(update(Job).where(Job.id == job.id).values(failed_at=_DATABASE_NOW, error=words))


def retry_job(session: Session, job_id: int) -> None:
    """Have a dead letter tried again from the start; raises NotFoundError."""
    again = {"failed_at": None, "attempts": 0, "run_at": _DATABASE_NOW}
    changed = update(Job).where(Job.id == job_id, Job.failed_at.is_not(None)).values(again).returning(Job.id)
    if session.execute(changed).one_or_none() is None:
        raise _no_such_job(job_id)
    session.execute(select(func.pg_notify(CHANNEL, "")))


def delete_job(session: Session, job_id: int) -> None:
    """Throw a dead letter away; raises NotFoundError."""
    gone = delete(Job).where(Job.id == job_id, Job.failed_at.is_not(None)).returning(Job.id)
    if session.execute(gone).one_or_none() is None:
        raise _no_such_job(job_id)


def purge_dead_letters(session: Session) -> None:
    """Throw away what nobody has looked after for three months."""
    session.execute(delete(Job).where(Job.failed_at < func.now() - text(f"interval '{KEPT_DAYS} days'")))


def _postpone(connection: Connection, job: ClaimedJob, **changes: object) -> None:
    pause = timedelta(seconds=pause_seconds(job.attempts))
    connection.execute(update(Job).where(Job.id == job.id).values(run_at=_DATABASE_NOW + pause, **changes))


def pause_seconds(attempts: int) -> float:
    """Return how long to wait after so many tries; not all jobs that failed together come back together."""
    pause: float = FIRST_PAUSE_SECONDS * PAUSE_FACTOR ** (attempts - 1)
    return pause * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - nobody gains by guessing it


def _bounded(error: str) -> str:
    # PostgreSQL takes no NUL, and a traceback of a megabyte helps nobody.
    return error.replace("\x00", "")[:LONGEST_ERROR]


def _no_such_job(job_id: int) -> NotFoundError:
    return NotFoundError(f"there is no failed job {job_id}.", hint="`homeport jobs list` shows them.")
