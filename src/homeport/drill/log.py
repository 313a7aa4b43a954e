"""Looks after the log of the database beside the nightly archive, and leaves word of how it stands."""

import logging
import threading
from datetime import UTC, datetime

from homeport.errors import HomeportError
from homeport.ops.backup.bucket.store import bucket_of
from homeport.ops.backup.making import keys_of
from homeport.ops.backup.wal.folder import LogFolder
from homeport.ops.backup.wal.shipping import Shipper
from homeport.ops.folder import DataFolder
from homeport.ops.notes import LOG, write_note
from homeport.settings import Settings

INTERVAL_SECONDS = 5.0

log = logging.getLogger("homeport.backup")


def ship_log(settings: Settings, stop: threading.Event, *, interval_seconds: float = INTERVAL_SECONDS) -> None:
    """Look now, and again and again until told to stop; nothing that goes wrong ends it."""
    shipper: Shipper | None = None
    failure = ""
    try:
        while not stop.is_set():
            now = datetime.now(UTC)
            try:
                shipper = shipper or _shipper(settings)
                shipper.look(now)
            except (HomeportError, OSError) as error:
                said = f"{error}. {getattr(error, 'hint', '')}".strip()
                if said != failure:
                    log.warning("the log of the database is not safe: %s", said)
                failure = said
            else:
                failure = ""
                _tell(settings, now)
            stop.wait(interval_seconds)
    finally:
        if shipper is not None:
            shipper.stop()


def _shipper(settings: Settings) -> Shipper:
    folder = LogFolder(settings.backup.folder / "wal")
    folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    bucket = bucket_of(settings.backup.bucket, settings.paths.data)
    return Shipper(settings.db.uri, folder, keys_of(settings), bucket)


def _tell(settings: Settings, now: datetime) -> None:
    """Note that all but the last minute is safe; a folder that cannot be written to is no reason to stop."""
    try:
        write_note(DataFolder(settings.paths.data).notes, LOG, {}, at=now)
    except OSError as error:
        log.warning("how it stands with the log of the database cannot be noted down: %s", error)
