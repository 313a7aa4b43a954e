"""Puts jobs into the table, in the transaction of what causes them, and wakes a worker when that commits."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from homeport.jobs.models import Job

CHANNEL = "homeport_job"


def enqueue(
    session: Session, kind: str, payload: dict[str, Any], *, run_at: datetime | None = None, key: str | None = None
) -> None:
    """Have `kind` done at `run_at` or as soon as the caller's transaction commits.

    Of jobs with one `key` only one waits at a time: a later one with an earlier time moves it forward.
    """
    values = {"kind": kind, "payload": payload, "key": key, "run_at": run_at or func.now()}
    adding = insert(Job).values(**values)
    if key is not None:
        adding = adding.on_conflict_do_update(
            index_elements=["key"],
            index_where=text("failed_at is null and claimed_at is null"),
            set_={"run_at": func.least(Job.run_at, adding.excluded.run_at), "payload": adding.excluded.payload},
        )
    session.execute(adding)
    session.execute(select(func.pg_notify(CHANNEL, "")))
