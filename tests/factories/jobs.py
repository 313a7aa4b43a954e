"""Jobs that really wait in the table."""

from typing import Any

from sqlalchemy import select

from homeport.db.session import Database
from homeport.jobs.models import Job
from homeport.jobs.queue import enqueue


def put_jobs(database: Database, *numbers: int, kind: str = "note", **options: Any) -> None:
    """Put jobs with these numbers into the table."""
    with database.transaction() as session:
        for number in numbers:
            enqueue(session, kind, {"number": number}, **options)


def waiting_jobs(database: Database) -> list[Job]:
    """Return what is still to be done, in the order in which it was put there."""
    with database.transaction() as session:
        return list(session.scalars(select(Job).where(Job.failed_at.is_(None)).order_by(Job.id)))
