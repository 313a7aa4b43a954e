"""Has the log of the database proven, and leaves word of when it was."""

from datetime import datetime
from pathlib import Path

from homeport.errors import NotFoundError
from homeport.ops.backup.making import keys_of
from homeport.ops.backup.wal import proving
from homeport.ops.backup.wal.folder import LogFolder
from homeport.ops.backup.wal.proving import LogProof
from homeport.ops.folder import DataFolder
from homeport.ops.notes import LOG_PROOF, read_note, write_note
from homeport.settings import Settings

PROVING = "proving"
"""The part of the data folder into which whoever starts a server on the log looks, too."""


def can_prove(settings: Settings) -> bool:
    """Say whether there is a base backup, and somebody who could start a server on it."""
    return proving.can_prove(_folder(settings), _place(settings))


def log_proven_at(settings: Settings) -> datetime | None:
    """Return when it was last proven."""
    note = read_note(DataFolder(settings.paths.data).notes, LOG_PROOF)
    return note.at if note else None


def prove_log(settings: Settings) -> LogProof:
    """Have a server started on the newest base backup and the log after it, and note that it could be done.

    Raises NotFoundError without either, BackupFailedError and UnreadableArchiveError.
    """
    if not can_prove(settings):
        raise NotFoundError(
            f"there is no base backup in {_folder(settings).root}, or nobody who would start a server on it",
            hint="The services `backup` and `proof` of compose.yaml keep the log and prove it.",
        )
    proof = proving.prove_log(settings.db.uri, _folder(settings), _place(settings), [keys_of(settings).server()])
    facts = {"base_made_at": proof.base_made_at.isoformat(), "pieces": proof.pieces}
    write_note(DataFolder(settings.paths.data).notes, LOG_PROOF, facts, at=proof.proven_at)
    return proof


def _folder(settings: Settings) -> LogFolder:
    return LogFolder(settings.backup.folder / "wal")


def _place(settings: Settings) -> Path:
    return settings.paths.data / PROVING
