"""Every read of the job table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from homeport.jobs.models import Job

ABOUT = ("to", "subject", "name", "path")


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A dead letter: what was to be done, and why it could not be."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempts: int
    error: str
    created_at: datetime
    failed_at: datetime

    @property
    def about(self) -> str:
        """Return whom or what it was about; never the text of a mail, which is not the reader's of this list."""
        return " · ".join(str(self.payload[name]) for name in ABOUT if self.payload.get(name))


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much there is to do: now, later, and again after a failure."""

    due: int
    later: int
    again: int
    oldest_due_at: datetime | None


def list_failed_jobs(connection: Connection, *, limit: int = 200) -> tuple[FailedJob, ...]:
    """Return the dead letters, the latest first."""
    columns = (Job.id, Job.kind, Job.payload, Job.attempts, Job.error, Job.created_at, Job.failed_at)
    chosen = select(*columns).where(Job.failed_at.is_not(None)).order_by(Job.failed_at.desc(), Job.id.desc())
    return tuple(FailedJob(**row._asdict()) for row in connection.execute(chosen.limit(limit)))


def count_backlog(connection: Connection) -> Backlog:
    """Count what waits, by when it will be done."""
    is_due = Job.run_at <= func.clock_timestamp()
    is_new = Job.attempts == 0
    row = connection.execute(
        select(
            func.count().filter(is_due, is_new),
            func.count().filter(~is_due, is_new),
            func.count().filter(~is_new),
            func.min(Job.run_at).filter(is_due, is_new),
        ).where(Job.failed_at.is_(None))
    ).one()
    return Backlog(*row)


def seconds_until_due(connection: Connection, among: ColumnElement[bool]) -> float | None:
    """Return when the next job `among` these is due, by the database's clock; None when there is none.

    A job that another worker does now is locked, and no reason to wake up.
    """
    waiting = select(func.extract("epoch", Job.run_at - func.clock_timestamp())).where(Job.failed_at.is_(None), among)
    first = waiting.order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
    seconds = connection.execute(first).scalar_one_or_none()
    return None if seconds is None else float(seconds)
