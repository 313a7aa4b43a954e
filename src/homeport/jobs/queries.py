"""Every read of the job table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, func, literal, select

from homeport.jobs.models import Job

COUNTED = 1_000
"""Up to here jobs are counted exactly."""

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
    """How much there is to do: now, later, and again after a failure; more than `COUNTED` means at least so many."""

    due: int
    later: int
    again: int
    oldest_due_at: datetime | None

    @property
    def shown(self) -> dict[str, str]:
        """Return the numbers as a page says them."""
        numbers = {"due": self.due, "later": self.later, "again": self.again}
        return {name: f"{COUNTED}+" if number > COUNTED else str(number) for name, number in numbers.items()}


def list_failed_jobs(connection: Connection, *, limit: int = 200) -> tuple[FailedJob, ...]:
    """Return the dead letters, the latest first."""
    columns = (Job.id, Job.kind, Job.payload, Job.attempts, Job.error, Job.created_at, Job.failed_at)
    chosen = select(*columns).where(Job.failed_at.is_not(None)).order_by(Job.failed_at.desc(), Job.id.desc())
    return tuple(FailedJob(**row._asdict()) for row in connection.execute(chosen.limit(limit)))


def count_backlog(connection: Connection) -> Backlog:
    """Count what waits, up to a bound, by when it will be done."""
    # The moment of the statement, not the clock as it goes on: an index is asked for one moment only.
    is_due = Job.run_at <= func.statement_timestamp()
    is_new = Job.attempts == 0
    oldest = select(func.min(Job.run_at)).where(is_due, is_new, Job.failed_at.is_(None))
    waiting = (_count(is_due, is_new), _count(~is_due, is_new), _count(Job.attempts > 0))
    return Backlog(*connection.execute(select(*waiting, oldest.scalar_subquery())).one())


def _count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    some = select(literal(1)).select_from(Job).where(Job.failed_at.is_(None), *conditions).limit(COUNTED + 1)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def seconds_until_due(connection: Connection, among: ColumnElement[bool]) -> float | None:
    """Return when the next job `among` these is due, by the database's clock; None when there is none.

    A job that another worker does now is locked, and no reason to wake up.
    """
    waiting = select(func.extract("epoch", Job.run_at - func.clock_timestamp())).where(Job.failed_at.is_(None), among)
    first = waiting.order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
    seconds = connection.execute(first).scalar_one_or_none()
    return None if seconds is None else float(seconds)
