"""Moving out: everything that readers see and authors wrote as files, with a manifest of what files do not say."""

import json
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from homeport.db.session import Database
from homeport.errors import ConflictError, UnavailableError
from homeport.exchange.contents import (
    ExportedEntry,
    ExportedMedia,
    list_entries,
    list_media,
    list_places_of_media,
    list_texts,
    read_blob,
    site_facts,
)
from homeport.exchange.conversation import list_blocked, list_comments
from homeport.exchange.frontwriter import FrontWriter
from homeport.exchange.layout import MANIFEST, Layout, is_plain_path, place_as_written
from homeport.exchange.readers import digest_of

VERSION = 1
TEXTS_AT_ONCE = 100

_SNAPSHOT = text("set transaction isolation level repeatable read read only")


class UnwritableError(UnavailableError):
    """The folder of an export cannot be made, or its disk is full."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """The account of one export."""

    entries: int
    media: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return the report as one JSON object."""
        return asdict(self) | {"seconds": round(self.seconds, 3)}


def export_folder(database: Database, folder: Path, *, force: bool = False) -> ExportReport:
    """Write the whole site into a folder, as it is at one moment.

    Raises ConflictError when the folder has other files; an earlier export is replaced when `force` is given.
    Raises UnwritableError when it cannot be written to.
    """
    try:
        return _export(database, folder, force=force)
    except OSError as error:
        raise UnwritableError(
            f"{error.filename or folder} cannot be written: {error.strerror or error}",
            hint="Name a folder that you may write to, on a disk with room.",
        ) from error


def _export(database: Database, folder: Path, *, force: bool) -> ExportReport:
    started = time.monotonic()
    outdated = _outdated_files(folder, force=force)
    folder.mkdir(parents=True, exist_ok=True)
    with database.transaction() as session:
        # Inside somebody's transaction the moment is theirs, and PostgreSQL would not let it be chosen any more.
        if not session.connection().in_nested_transaction():
            session.execute(_SNAPSHOT)
        export = _Export(session, folder)
        manifest = export.run()
    for path in sorted(outdated - export.written):
        _remove(folder, path)
    # Readers' mail addresses stand in it, so it is for nobody else on this machine.
    _write_whole(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n", mode=0o600)
    return ExportReport(len(manifest["entries"]), len(manifest["media"]), time.monotonic() - started)


@dataclass(slots=True)
class _Export:
    """One run: the paths that are taken so far and the manifest as it grows."""

    session: Session
    folder: Path
    layout: Layout = field(default_factory=Layout)
    written: set[str] = field(default_factory=set)

    def run(self) -> dict[str, Any]:
        facts = site_facts(self.session)
        entries = list_entries(self.session)
        files = self._place_entries(entries)
        media = list_media(self.session)
        places = self._place_media(media, files)
        described = self._write_entries(entries, files, FrontWriter(facts))
        for each in media:
            data = read_blob(self.session, each.id)
            for path in places[each.id]:
                self._write(path, data)
        shelf = [{"files": places[each.id], **each.facts} for each in media]
        conversation = {"comments": list_comments(self.session), "blocked": list_blocked(self.session)}
        return {"homeport_export": VERSION, **facts, "media": shelf, "entries": described, **conversation}

    def _place_entries(self, entries: Iterable[ExportedEntry]) -> dict[int, str]:
        """Give every entry a file: those that were imported the one they came from."""
        labels = {entry.imported_as[0] for entry in entries if entry.imported_as}
        files = {}
        for entry in entries:
            if entry.imported_as:
                label, path, _ = entry.imported_as
                wanted = path if len(labels) == 1 else f"{label}/{path}"
                if self.layout.claim(wanted):
                    files[entry.id] = wanted
        for entry in entries:
            if entry.id not in files:
                folder = "pages" if entry.columns["kind"] == "page" else "posts"
                files[entry.id] = self.layout.claim_first_free(folder, entry.columns["slug"], ".md")
        return files

    def _place_media(self, media: Iterable[ExportedMedia], files: dict[int, str]) -> dict[int, list[str]]:
        """Put every file where the texts that show it expect it; one that none shows gets a place of its own."""
        places: dict[int, list[str]] = {each.id: [] for each in media}
        for entry_id, target, media_id in list_places_of_media(self.session):
            path = place_as_written(target, files[entry_id])
            if path not in places[media_id] and self.layout.claim(path):
                places[media_id].append(path)
        for each in media:
            if not places[each.id]:
                stem, dot, ending = each.facts["name"].rpartition(".")
                places[each.id] = [self.layout.claim_first_free(f"media/{each.facts['hash']}", stem, dot + ending)]
        return places

    def _write_entries(
        self, entries: list[ExportedEntry], files: dict[int, str], front_writer: FrontWriter
    ) -> list[dict[str, Any]]:
        described = []
        for start in range(0, len(entries), TEXTS_AT_ONCE):
            batch = entries[start : start + TEXTS_AT_ONCE]
            texts = list_texts(self.session, [entry.id for entry in batch])
            for entry in batch:
                front_matter, source = texts[entry.id]
                is_made_up = not (front_matter or entry.imported_as)
                block = front_writer.write(entry.columns) if is_made_up else front_matter
                data = (block + source).encode()
                self._write(files[entry.id], data)
                described.append(
                    {
                        "file": files[entry.id],
                        "digest": digest_of(data),
                        "content_digest": digest_of((front_matter + source).encode()),
                        "front_matter": {
                            "length": len(block),
                            "digest": digest_of(block.encode()),
                            "is_made_up": is_made_up,
                        },
                        **entry.as_json(),
                    }
                )
        return described

    def _write(self, path: str, data: bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(file, data)
        self.written.add(path)


def _outdated_files(folder: Path, *, force: bool) -> set[str]:
    """Return the files of an earlier export; a folder with anything else in it is not touched."""
    if not folder.exists() or not any(folder.iterdir()):
        return set()
    earlier = _earlier_export(folder / MANIFEST)
    if earlier is None:
        raise ConflictError(f"{folder} is not empty, and no export", hint="Name a folder that is empty or new.")
    if not force:
        raise ConflictError(f"{folder} has an earlier export", hint="Give --force to replace it.")
    return earlier


def _earlier_export(manifest: Path) -> set[str] | None:
    try:
        given = json.loads(manifest.read_bytes())
        if given["homeport_export"] != VERSION:
            return None
        files = [entry["file"] for entry in given["entries"]]
        files += [path for each in given["media"] for path in each["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return {path for path in files if isinstance(path, str) and is_plain_path(path)}


def _remove(folder: Path, path: str) -> None:
    file = folder / path
    if file.resolve().is_relative_to(folder.resolve()):
        file.unlink(missing_ok=True)
        with suppress(OSError):
            file.parent.rmdir()


def _write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file so that it is there whole or not at all, and never through a link to somewhere else."""
    part = path.with_name(f".{path.name[:200]}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    part.replace(path)
