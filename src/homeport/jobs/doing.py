"""Does one job: claimed so that a death counts as a try, held so that nobody else begins it, and then forgotten."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from homeport.db.session import Database
from homeport.errors import HomeportError
from homeport.jobs.actions import ClaimedJob, claim_job, fail_job, finish_job, give_up, hold_job
from homeport.jobs.errors import HopelessJobError
from homeport.jobs.queue import enqueue
from homeport.jobs.registry import Registry
from homeport.settings import Settings

FIRST_RECURRENCE = timedelta(minutes=1)

log = logging.getLogger("homeport.jobs")


class Doer:
    """Does what waits in one lane of the table."""

    def __init__(self, database: Database, settings: Settings, registry: Registry, *, slow: bool = False) -> None:
        self.database = database
        self.settings = settings
        self.registry = registry
        self.among = registry.in_lane(slow=slow)

    def do_next(self) -> bool:
        """Do the job that has been due for the longest time; say whether there was one."""
        with self.database.transaction() as session:
            job = claim_job(session.connection(), self.among)
        if job is None:
            return False
        # The row stays locked while the handler works: if this process dies, PostgreSQL lets go of it at once.
        with self.database.transaction() as session:
            if hold_job(session.connection(), job):
                self._do(session.connection(), job)
                self._plan(session, job.kind)
        return True

    def plan_recurring(self) -> None:
        """Have everything that recurs done soon: who knows how long nothing has run here."""
        with self.database.transaction() as session:
            now: datetime = session.execute(select(func.now())).scalar_one()
            for kind in self.registry.recurring:
                enqueue(session, kind, {}, run_at=now + FIRST_RECURRENCE, key=f"recurring {kind}")

    def _do(self, connection: Connection, job: ClaimedJob) -> None:
        try:
            self.registry.handler_of(job.kind)(self.database, self.settings, job.payload)
        except HopelessJobError as error:
            give_up(connection, job, _words(error))
            log.warning("a job has failed for good: %s: %s", job.kind, error)
        except Exception as error:
            is_last = fail_job(connection, job, _words(error))
            level = logging.ERROR if is_last else logging.WARNING
            log.log(level, "a job has failed, try %d: %s: %s", job.attempts, job.kind, error, exc_info=_trace_of(error))
        else:
            finish_job(connection, job)

    def _plan(self, session: Session, kind: str) -> None:
        """Put the next of a recurring job into the table; one that waits already keeps its earlier time."""
        every = self.registry.recurring.get(kind)
        if every is not None:
            now: datetime = session.execute(select(func.now())).scalar_one()
            enqueue(session, kind, {}, run_at=now + every, key=f"recurring {kind}")


def _words(error: Exception) -> str:
    if isinstance(error, HomeportError):
        return f"{error} {error.hint}".strip()
    return f"{type(error).__name__}: {error}"


def _trace_of(error: Exception) -> Exception | None:
    """A failure that is expected is told in a line; only a surprise needs its traceback."""
    return None if isinstance(error, HomeportError) else error
