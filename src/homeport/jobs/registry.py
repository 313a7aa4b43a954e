"""Which function does which kind of job, and what is done again and again; `handlers.py` fills it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement

from homeport.db.session import Database
from homeport.jobs.errors import UnknownJobError
from homeport.jobs.models import Job
from homeport.settings import Settings

Payload = dict[str, Any]
Handler = Callable[[Database, Settings, Payload], None]
"""Does a job in transactions of its own. It may be called again for a job that was done, and must not mind."""


@dataclass(frozen=True)
class Registry:
    """All kinds of jobs that this installation knows."""

    handlers: Mapping[str, Handler]
    recurring: Mapping[str, timedelta] = field(default_factory=dict)
    """Kinds that are done at such intervals without anybody asking; their payload is empty."""

    slow: frozenset[str] = frozenset()
    """Kinds that take seconds each and may come by the thousand; they have a lane of their own."""

    def handler_of(self, kind: str) -> Handler:
        """Return what does this kind of job; raises UnknownJobError."""
        found = self.handlers.get(kind)
        if found is None:
            raise UnknownJobError(f"nothing here does jobs of the kind {kind!r}", hint="Another release has made it.")
        return found

    def in_lane(self, *, slow: bool) -> ColumnElement[bool]:
        """Return the condition on a job that it belongs to the one lane or to the other."""
        return Job.kind.in_(self.slow) if slow else Job.kind.not_in(self.slow)
