"""Mail leaves by jobs, so its tests use their table."""

from tests.jobs.conftest import jobs

__all__ = ["jobs"]
