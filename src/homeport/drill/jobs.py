"""The nightly job: an archive, and the proof of it."""

from datetime import UTC, datetime

from homeport.db.session import Database
from homeport.drill.night import make_what_is_due
from homeport.jobs.errors import HopelessJobError
from homeport.jobs.queries import list_failed_jobs
from homeport.jobs.registry import Payload
from homeport.settings import Settings

KIND = "backup.nightly"


def nightly(database: Database, settings: Settings, _payload: Payload) -> None:
    """Make an archive and prove it, if one is due.

    A failure is told at once and for good, so that it is seen; some hours later the next archive is due, or as soon as
    somebody has the failed job tried again.
    """
    if settings.backup.is_nightly:
        try:
            make_what_is_due(settings, datetime.now(UTC), _failed_at(database))
        except Exception as error:
            # Whatever it was, somebody has to see it: a job that recurs is not kept for its last try.
            hint = getattr(error, "hint", "")
            raise HopelessJobError(f"there is no proven backup of this night: {error}", hint=hint) from error


def _failed_at(database: Database) -> datetime | None:
    with database.reader() as connection:
        return next((job.failed_at for job in list_failed_jobs(connection) if job.kind == KIND), None)
