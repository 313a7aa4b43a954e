"""Seals each piece of the log as soon as it has arrived, makes base backups, and carries both elsewhere."""

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyrage

from homeport.ops import files
from homeport.ops.backup.bucket.store import Bucket
from homeport.ops.backup.keys import Keys
from homeport.ops.backup.wal.folder import SEALED, LogFolder, name_of_base
from homeport.ops.backup.wal.receiving import Receiver, current_piece, server_of, write_base

BUCKET_FOLDER = "wal/"


@dataclass
class Shipper:
    """Whoever looks after the log; `look` is called again and again."""

    uri: str
    folder: LogFolder
    keys: Keys
    bucket: Bucket | None
    _receiver: Receiver = field(init=False)
    _carried: frozenset[str] = field(init=False, default=frozenset())
    _starts_known: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._receiver = Receiver(self.uri, self.folder.spool)

    def look(self, now: datetime) -> None:
        """Do what there is to do; afterwards everything but the last minute is sealed, and elsewhere if it has to be.

        Raises BackupFailedError and UnavailableError.
        """
        self._receiver.keep_running()
        # Another server cannot come without an end of what receives the log of this one.
        if self._receiver.starts != self._starts_known:
            starts = self._receiver.starts
            self._leave_former_server(now)
            self._starts_known = starts
        for piece in self.folder.list_finished():
            with _appearing(self.folder.root / f"{piece.name}{SEALED}") as unfinished:
                sealed = pyrage.encrypt(gzip.compress(piece.read_bytes(), 6, mtime=0), list(self.keys.recipients()))
                unfinished.write_bytes(sealed)
            files.remove(piece)
        if self.folder.needs_base(now):
            self._make_base(now)
        self.folder.prune()
        if self.bucket is not None:
            self._carry(self.bucket)

    def stop(self) -> None:
        """End what runs."""
        self._receiver.stop()

    def _make_base(self, now: datetime) -> Path:
        path = self.folder.root / name_of_base(now, current_piece(self.uri))
        with _appearing(path) as unfinished:
            write_base(self.uri, unfinished, self.keys.recipients())
        return path

    def _leave_former_server(self, now: datetime) -> None:
        """Begin anew with another server, as after a restore or a new major version: its pieces have the same names.

        What is here of the former one goes as soon as there is a base backup of this one.
        """
        server = server_of(self.uri)
        noted = self.folder.server.read_text(encoding="utf-8").strip() if self.folder.server.exists() else ""
        former = set(self.folder.root.glob("*.age"))
        if former and noted not in ("", server):
            for path in former - {self._make_base(now)}:
                files.remove(path)
        files.write_atomically(self.folder.server, f"{server}\n")

    def _carry(self, bucket: Bucket) -> None:
        here = {path.name: path for path in self.folder.root.glob("*.age")}
        # Each question costs something, and most of the time there is nothing new.
        if self._carried == here.keys():
            return
        there = {
            listed.name.removeprefix(BUCKET_FOLDER): listed.size_bytes
            for listed in bucket.list()
            if listed.name.startswith(BUCKET_FOLDER)
        }
        for name in sorted(here):
            if there.get(name) != here[name].stat().st_size:
                bucket.put_file(BUCKET_FOLDER + name, here[name])
        # Without a base backup here the folder was lost, and what is there is all there is.
        if self.folder.list_bases():
            for name in there.keys() - here.keys():
                bucket.delete(BUCKET_FOLDER + name)
        self._carried = frozenset(here)


def fetch_log(bucket: Bucket, folder: LogFolder) -> None:
    """Bring what is in the bucket and not in the folder; raises BackupFailedError."""
    folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for listed in bucket.list():
        name = listed.name.removeprefix(BUCKET_FOLDER)
        if name != listed.name and "/" not in name and not (folder.root / name).exists():
            with _appearing(folder.root / name) as unfinished:
                bucket.get_file(listed, unfinished)


@contextmanager
def _appearing(path: Path) -> Iterator[Path]:
    """Give a file to write to that gets its name, and stays over a crash, when the block has ended well."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.chmod(0o600)
        unfinished.rename(path)
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    finally:
        files.remove(unfinished)
