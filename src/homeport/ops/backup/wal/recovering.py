"""Lays a base backup and the log out so that PostgreSQL, when it starts there, becomes what it was at a moment."""

import os
import tarfile
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyrage
from pyrage.x25519 import Identity

from homeport.errors import NotFoundError
from homeport.ops.backup.errors import OccupiedDatabaseError, UnreadableArchiveError
from homeport.ops.backup.wal.folder import SEALED, Base, LogFolder

PIECES = "homeport_wal"
_SETTINGS = """
# Written by `homeport restore`; of no effect once the server has started. Until then nobody may look at half of it.
hot_standby = off
restore_command = 'test -e {pieces}/%f.gz && gzip -dc {pieces}/%f.gz > %p'
recovery_end_command = 'rm -rf {pieces}'
recovery_target_action = 'promote'
"""


def lay_out(
    folder: LogFolder, cluster: Path, identities: Sequence[Identity], *, until: datetime | None = None
) -> tuple[Base, int]:
    """Fill an empty folder; return the base backup that was used, and how many pieces of the log follow it.

    Raises NotFoundError without a base backup that is old enough, OccupiedDatabaseError for a folder that is not
    empty, UnreadableArchiveError for what is damaged or sealed for other keys.
    """
    bases = [base for base in folder.list_bases() if until is None or base.made_at < until]
    if not bases:
        raise NotFoundError(f"there is no base backup in {folder.root} from before that moment")
    if cluster.exists() and any(cluster.iterdir()):
        raise OccupiedDatabaseError(
            f"{cluster} is not empty", hint="The volume of the database has to be a new one; the old one may be kept."
        )
    base, fresh = bases[-1], _fresh_folders(cluster)
    _unpack(folder.root / base.name, cluster, identities)
    owner = (cluster / "PG_VERSION").stat()
    pieces = cluster / PIECES
    pieces.mkdir(mode=0o700)
    os.chown(pieces, owner.st_uid, owner.st_gid)
    chain = folder.chain_from(base.first)
    for name in chain:
        # As they are: a week of them is little, and would be a hundred gigabytes.
        (pieces / f"{name}.gz").write_bytes(unsealed(folder.root / f"{name}{SEALED}", identities))
        os.chown(pieces / f"{name}.gz", owner.st_uid, owner.st_gid)
    settings = _SETTINGS.format(pieces=PIECES)
    if until is not None:
        settings += f"recovery_target_time = '{until.astimezone(UTC).isoformat()}'\n"
    with (cluster / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.write(settings)
    (cluster / "recovery.signal").touch(0o600)
    for path in (cluster / "recovery.signal", *fresh):
        os.chown(path, owner.st_uid, owner.st_gid)
    return base, len(chain)


def unsealed(path: Path, identities: Sequence[Identity]) -> bytes:
    """Return a piece of the log, still compressed; raises UnreadableArchiveError."""
    try:
        return bytes(pyrage.decrypt(path.read_bytes(), list(identities)))
    except pyrage.DecryptError as error:
        raise UnreadableArchiveError(
            f"{path} is damaged, or sealed for other keys", hint="Give the recovery key with --key FILE."
        ) from error


def write_unsealed(path: Path, target: Path, identities: Sequence[Identity]) -> None:
    """Write a base backup, still compressed, into a file; raises UnreadableArchiveError."""
    with path.open("rb") as source, target.open("wb") as file:
        try:
            pyrage.decrypt_io(source, file, list(identities))
        except pyrage.DecryptError as error:
            raise UnreadableArchiveError(f"{path} is damaged, or not all of it is there") from error


def _fresh_folders(cluster: Path) -> list[Path]:
    """Return the folder with those around it that hold nothing else: the server has to own its volume, too."""
    fresh = [cluster]
    while not fresh[-1].parent.exists() or not any(fresh[-1].parent.iterdir()):
        fresh.append(fresh[-1].parent)
    return fresh


def _unpack(base: Path, cluster: Path, identities: Sequence[Identity]) -> None:
    reading, writing = os.pipe()
    failures: list[Exception] = []

    def decrypt() -> None:
        with os.fdopen(writing, "wb") as out, base.open("rb") as source:
            try:
                pyrage.decrypt_io(source, out, list(identities))
            except (pyrage.DecryptError, OSError) as error:
                failures.append(error)

    thread = threading.Thread(target=decrypt, name="base backup")
    thread.start()
    cluster.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(reading, "rb") as stream, tarfile.open(fileobj=stream, mode="r|gz") as tar:
            tar.extractall(cluster, numeric_owner=True, filter="tar")
            while stream.read(1 << 20):
                pass
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UnreadableArchiveError(
            f"{base} is damaged, or sealed for other keys", hint="Give the recovery key with --key FILE."
        ) from error
    finally:
        thread.join()
    if failures:
        raise UnreadableArchiveError(f"{base} is damaged, or not all of it is there") from failures[0]
    cluster.chmod(0o700)
