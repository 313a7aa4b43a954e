"""Forms of pictures are made by jobs, so their tests use the job table."""

from tests.jobs.conftest import jobs

__all__ = ["jobs"]
