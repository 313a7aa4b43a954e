"""The nightly job: an archive, and the proof of it."""

from datetime import UTC, datetime

from homeport.db.session import Database
from homeport.errors import HomeportError
from homeport.jobs.errors import HopelessJobError
from homeport.jobs.registry import Payload
from homeport.ops.backup.keeping import is_due
from homeport.ops.backup.shelf import Shelf
from homeport.settings import Settings


def nightly(_database: Database, settings: Settings, _payload: Payload) -> None:
    """Make an archive and prove it, if one is due.

    A failure is told at once and for good, so that it is seen; the next hour that finds an archive due tries again.
    """
    shelf = Shelf(settings.backup.folder)
    archives = shelf.list_archives()
    newest_at = archives[0].made_at if archives else None
    if settings.backup.is_nightly and is_due(datetime.now(UTC), newest_at, shelf.tried_at):
        try:
            _make_and_prove(settings, shelf)
        except HomeportError as error:
            raise HopelessJobError(f"there is no proven backup of this night: {error}", hint=error.hint) from error


def _make_and_prove(settings: Settings, shelf: Shelf) -> None:
    # Neither the application nor a program for dumps is needed before the night.
    from homeport.drill.proving import prove_newest  # noqa: PLC0415
    from homeport.ops.backup.making import make_backup, source_of  # noqa: PLC0415

    source = source_of(settings)
    shelf.note_try()
    make_backup(source)
    prove_newest(source)
