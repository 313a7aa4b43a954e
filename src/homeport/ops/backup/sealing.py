"""Puts files into one encrypted archive and takes them out again: a tar stream in age format, never whole in memory."""

import hashlib
import io
import os
import re
import shutil
import tarfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import pyrage
from pyrage.x25519 import Identity, Recipient

from homeport.ops.backup import manifest
from homeport.ops.backup.errors import UnreadableArchiveError
from homeport.ops.backup.manifest import Manifest, Part

MAGIC = b"age-encryption.org/v1"
CHUNK_BYTES = 1 << 20
LARGEST_MANIFEST_BYTES = 1 << 20
# What an archive may hold; whatever else somebody puts into one is written nowhere.
PART_NAME = re.compile(
    r"database\.dump|settings\.env|edge\.toml|secrets/[A-Z][A-Z_]*|folders/[A-Za-z0-9][A-Za-z0-9._-]*\.tar"
)


def describe_part(folder: Path, name: str) -> Part:
    """Return name, size and hash of a file that is to go into an archive."""
    with (folder / name).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return Part(name, (folder / name).stat().st_size, digest.hexdigest())


def seal(target: IO[bytes], folder: Path, described: Manifest, recipients: Sequence[Recipient]) -> None:
    """Write the manifest and the parts it names, which lie in the folder, so that only the recipients can read them."""
    sink = _Sink(target)

    def pack(out: IO[bytes]) -> None:
        with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            _add(tar, manifest.NAME, io.BytesIO(described.to_json().encode()))
            for part in described.parts:
                with (folder / part.name).open("rb") as file:
                    _add(tar, part.name, file)

    def encrypt(source: IO[bytes]) -> None:
        try:
            pyrage.encrypt_io(source, sink, list(recipients))
        except pyrage.EncryptError as error:
            # The library tells only in words what its writer has raised.
            raise sink.error or error from error

    _through_pipe(pack, encrypt)


def unseal(archive: Path, folder: Path, identities: Sequence[Identity]) -> Manifest:
    """Take an archive apart into the folder, and return its manifest once every part is as that says.

    Raises UnreadableArchiveError for what is damaged, cut short, foreign, or sealed for other keys.
    """
    with archive.open("rb") as source:
        if source.read(len(MAGIC)) != MAGIC:
            raise UnreadableArchiveError(f"{archive} is no archive of Homeport")
        source.seek(0)
        found: list[Manifest] = []
        _through_pipe(
            lambda out: _decrypt(archive, source, out, identities),
            lambda stream: found.append(_unpack(archive, stream, folder)),
        )
    return found[0]


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = file.seek(0, os.SEEK_END)
    entry.mode = 0o600
    file.seek(0)
    tar.addfile(entry, file)


def _decrypt(archive: Path, source: IO[bytes], out: IO[bytes], identities: Sequence[Identity]) -> None:
    sink = _Sink(out)
    try:
        pyrage.decrypt_io(source, sink, list(identities))
    except (pyrage.DecryptError, OSError) as error:
        if sink.error is not None:
            raise sink.error from error
        if "No matching keys" in str(error):
            raise UnreadableArchiveError(
                f"{archive} is sealed for other keys", hint="Give the recovery key with --key FILE."
            ) from error
        raise UnreadableArchiveError(f"{archive} is damaged, or not all of it is there") from error


def _unpack(archive: Path, stream: IO[bytes], folder: Path) -> Manifest:
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            described = _read_manifest(tar)
            written = tuple(_write_part(tar, entry, folder) for entry in iter(tar.next, None))
    except (tarfile.TarError, EOFError) as error:
        raise UnreadableArchiveError(f"{archive} is damaged, or not all of it is there") from error
    # The end of the tar is not the end of the file: what follows has to be seen, or a cut there would pass.
    while stream.read(CHUNK_BYTES):
        pass
    if written != described.parts:
        raise UnreadableArchiveError(f"{archive} does not hold what its manifest says")
    return described


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    entry = tar.next()
    if entry is None or entry.name != manifest.NAME or not entry.isfile() or entry.size > LARGEST_MANIFEST_BYTES:
        raise UnreadableArchiveError("the archive is not one of Homeport: it has no manifest")
    file = tar.extractfile(entry)
    assert file is not None
    return Manifest.from_json(file.read().decode("utf-8", errors="replace"))


def _write_part(tar: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> Part:
    if not entry.isfile() or not PART_NAME.fullmatch(entry.name):
        raise UnreadableArchiveError(f"the archive holds {entry.name!r}, which Homeport does not put into one")
    file = tar.extractfile(entry)
    assert file is not None
    path = folder / entry.name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        shutil.copyfileobj(file, target, CHUNK_BYTES)
    return describe_part(folder, entry.name)


def _through_pipe(produce: Callable[[IO[bytes]], None], consume: Callable[[IO[bytes]], None]) -> None:
    """Run both at once, the one writing what the other reads; raise the error of the one that failed first."""
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def run_producer() -> None:
        try:
            with os.fdopen(writing, "wb") as out:
                produce(out)
        except BaseException as error:  # noqa: BLE001 - raised again in the other thread
            failures.append(error)

    thread = threading.Thread(target=run_producer, name="archive")
    thread.start()
    try:
        with os.fdopen(reading, "rb") as source:
            consume(source)
    except BaseException as error:
        thread.join()
        # A producer whose reader has gone only echoes the reader's trouble.
        if failures and not isinstance(failures[0], BrokenPipeError):
            raise failures[0] from error
        raise
    thread.join()
    if failures:
        raise failures[0]


class _Sink:
    """A writer that remembers why it could not write."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._target.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        try:
            self._target.flush()
        except OSError as error:
            self.error = error
            raise
