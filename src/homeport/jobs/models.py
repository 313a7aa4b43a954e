"""The table of jobs: written in the transaction that causes them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from homeport.db.model import Base
from homeport.db.types import CreatedAt, Key


class Job(Base):
    """Something to do at `run_at` or soon after; done jobs are deleted, given-up ones stay as dead letters."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "run_at", "id", postgresql_where=text("failed_at is null")),
        Index("ix_job_again", "id", postgresql_where=text("failed_at is null and attempts > 0")),
        Index("ix_job_failed", "failed_at", "id", postgresql_where=text("failed_at is not null")),
        Index("uq_job_key", "key", unique=True, postgresql_where=text("failed_at is null and claimed_at is null")),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    key: Mapped[str | None]
    run_at: Mapped[CreatedAt]
    attempts: Mapped[int] = mapped_column(server_default="0")
    claimed_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[CreatedAt]
