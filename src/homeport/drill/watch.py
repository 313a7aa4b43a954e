"""The backup that never ends: looks every minute whether an archive is due, and leaves word of it for the others."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from homeport.drill.night import make_what_is_due
from homeport.errors import HomeportError
from homeport.ops.backup.last import LastBackup
from homeport.ops.backup.shelf import Shelf
from homeport.ops.folder import DataFolder
from homeport.ops.lastbackup import leave_word, read_word
from homeport.settings import Settings

INTERVAL_SECONDS = 60.0

log = logging.getLogger("homeport.backup")


def _now() -> datetime:
    return datetime.now(UTC)


def watch(
    settings: Settings,
    stop: threading.Event,
    *,
    interval_seconds: float = INTERVAL_SECONDS,
    now: Callable[[], datetime] = _now,
) -> None:
    """Look now, and again and again until told to stop; nothing that goes wrong ends it."""
    while not stop.is_set():
        _look(settings, now())
        stop.wait(interval_seconds)


def _look(settings: Settings, now: datetime) -> None:
    notes = DataFolder(settings.paths.data).notes
    before = read_word(notes)
    failed_at, failure = before.failed_at, before.failure
    try:
        if make_what_is_due(settings, now, failed_at):
            failed_at, failure = None, ""
            log.info("there is an archive, and it was proven restorable")
    except Exception as error:
        # Whatever it was, the next night is to be tried, and somebody has to know of this one.
        failed_at, failure = now, _in_words(error)
        log.exception("there is no proven backup of this night: %s", failure)
    # An archive that was made by hand meanwhile counts, too.
    _tell(settings, before, replace(Shelf(settings.backup.folder).last(), failed_at=failed_at, failure=failure))


def _in_words(error: Exception) -> str:
    hint = error.hint if isinstance(error, HomeportError) else ""
    return f"{error}. {hint}" if hint else str(error)


def _tell(settings: Settings, before: LastBackup, after: LastBackup) -> None:
    """Leave word of what has changed; a folder that cannot be written to is no reason to stop."""
    if after != before:
        try:
            leave_word(DataFolder(settings.paths.data).notes, after)
        except OSError as error:
            log.warning("how it stands with the backup cannot be noted down: %s", error)
