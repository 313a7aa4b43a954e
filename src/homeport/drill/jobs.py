"""The nightly job: an archive, and the proof of it."""

from datetime import UTC, datetime

from homeport.db.session import Database
from homeport.jobs.errors import HopelessJobError
from homeport.jobs.queries import list_failed_jobs
from homeport.jobs.registry import Payload
from homeport.ops.backup.keeping import is_due
from homeport.ops.backup.shelf import Shelf
from homeport.settings import Settings

KIND = "backup.nightly"


def nightly(database: Database, settings: Settings, _payload: Payload) -> None:
    """Make an archive and prove it, if one is due.

    A failure is told at once and for good, so that it is seen; some hours later the next archive is due, or as soon as
    somebody has the failed job tried again.
    """
    if settings.backup.is_nightly and is_due(datetime.now(UTC), _newest_at(settings), _failed_at(database)):
        try:
            _make_and_prove(settings)
        except Exception as error:
            # Whatever it was, somebody has to see it: a job that recurs is not kept for its last try.
            hint = getattr(error, "hint", "")
            raise HopelessJobError(f"there is no proven backup of this night: {error}", hint=hint) from error


def _newest_at(settings: Settings) -> datetime | None:
    """Return when the newest archive was made, if it was proven, too."""
    archives = Shelf(settings.backup.folder).list_archives()
    return archives[0].made_at if archives and archives[0].proven_at else None


def _failed_at(database: Database) -> datetime | None:
    with database.reader() as connection:
        return next((job.failed_at for job in list_failed_jobs(connection) if job.kind == KIND), None)


def _make_and_prove(settings: Settings) -> None:
    # Neither the application nor a program for dumps is needed before the night.
    from homeport.drill.proving import prove_newest  # noqa: PLC0415 - see above
    from homeport.ops.backup.making import make_backup, source_of  # noqa: PLC0415 - see above

    source = source_of(settings)
    make_backup(source)
    prove_newest(source)
