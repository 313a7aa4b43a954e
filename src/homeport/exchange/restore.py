"""Moving back in: an export becomes the site it was, with the manifest for all that files cannot say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import Connection

from homeport.db.session import Database
from homeport.errors import InvalidError
from homeport.exchange.actions import UPDATABLE
from homeport.exchange.bulk import Names
from homeport.exchange.comeback import EXPORT, Comeback, read_comeback
from homeport.exchange.dialects import is_markdown
from homeport.exchange.homecoming import bring_back
from homeport.exchange.layout import MANIFEST
from homeport.exchange.links import Destinations, Meaning, Nowhere, Place, Stored, destinations
from homeport.exchange.manifest import DescribedEntry, Manifest, read_manifest, text_of
from homeport.exchange.notices import FileRefusedError
from homeport.exchange.plan import PlannedPost
from homeport.exchange.queries import PresentEntry, list_present_entries, list_taken_addresses
from homeport.exchange.readers import MAX_FILE_BYTES
from homeport.exchange.rendering import Renderer
from homeport.exchange.report import ImportReport
from homeport.exchange.restore_conversation import restore_conversation
from homeport.exchange.restore_site import (
    prepare_media,
    restore_media,
    restore_names,
    restore_past,
    restore_settings,
    restore_translations,
    shown_without_storing,
)
from homeport.exchange.run import ImportOptions, Progress, render_and_write, ways_of_the_site
from homeport.exchange.survey import DELETED
from homeport.exchange.tree import Tree
from homeport.exchange.writer import Writer

TEXT_FIELDS = frozenset({"source", "front_matter", "rendered", "targets"})


@dataclass(frozen=True, slots=True)
class Remembered:
    """What links mean by the manifest; in texts that were edited since, also what the folder's files make of them."""

    known: Mapping[str, Mapping[tuple[str, str], Meaning]]
    edited: frozenset[str]
    folder: Destinations

    def meaning(self, kind: str, target: str, file: str) -> Meaning:
        """Say what `target` means where it is written in `file`."""
        found = self.known.get(file, {}).get((kind, target))
        if found is None and file in self.edited:
            return self.folder.meaning(kind, target, file)
        return found or Nowhere.ELSEWHERE


def restore_export(
    database: Database,
    connection: Connection,
    tree: Tree,
    options: ImportOptions,
    report: ImportReport,
) -> "Restore":
    """Return a run that brings back everything that an export has and the site has not.

    Raises InvalidError when the manifest cannot be read.
    """
    return Restore(database, connection, tree, read_manifest(tree), options, report)


@dataclass(slots=True)
class Restore:
    """One run over one export."""

    database: Database
    connection: Connection
    tree: Tree
    manifest: Manifest
    options: ImportOptions
    report: ImportReport
    _media: dict[str, Stored] = field(default_factory=dict)
    _by_id: dict[str, Place] = field(default_factory=dict)
    _wanted_back: set[int] = field(default_factory=set)

    def run(self, progress: Progress) -> None:
        """Bring back settings, names and media, then entries, then what the past led to."""
        names = self._restore_ground()
        self._restore_media()
        described = self._described()
        comebacks, planned = self._plan(described)
        meanings = self._meanings(comebacks)
        ways = ways_of_the_site(self.database)
        renderer = Renderer(self.tree, meanings, ways.rendering, self.options.max_media_bytes)
        writer = Writer(self.database, renderer, EXPORT, "", self.report, ids={}, names=names)
        if self._wanted_back and not self.options.dry_run:
            with self.database.transaction() as session:
                bring_back(session, [each for each in planned if each.entry_id in self._wanted_back])
        render_and_write(
            planned,
            renderer,
            None if self.options.dry_run else writer,
            self.report,
            processes=self.options.processes,
            progress=progress,
        )
        if not self.options.dry_run:
            writer.finish({})
            self._finish(described)
        self._report_strangers(described)

    def _restore_ground(self) -> Names:
        """Bring back what entries stand on; only an empty site takes settings, another has its own."""
        is_empty = not list_taken_addresses(self.connection)
        if self.options.dry_run:
            return Names()
        with self.database.transaction() as session:
            if is_empty:
                restore_settings(session, self.manifest)
            return restore_names(session, self.manifest, self.report)

    def _restore_media(self) -> None:
        for given in self.manifest.rows("media"):
            try:
                digest = text_of(given.get("hash"))
                prepared = prepare_media(self.tree, given, self.options.max_media_bytes)
                if self.options.dry_run:
                    self._media[digest] = shown_without_storing(prepared)
                    continue
                with self.database.transaction() as session:
                    self._media[digest] = restore_media(session, given, prepared)
            except (InvalidError, ValueError, KeyError) as error:
                self.report.warn(MANIFEST, f"a file is not taken: {error}")

    def _described(self) -> list[DescribedEntry]:
        found = []
        for file, described in self.manifest.entries():
            if isinstance(described, FileRefusedError):
                self.report.skip(file, str(described))
            else:
                found.append(described)
        return found

    def _plan(self, described: Iterable[DescribedEntry]) -> tuple[list[Comeback], list[PlannedPost]]:
        """Read every file and decide what becomes of it."""
        present = list_present_entries(self.connection)
        ways = ways_of_the_site(self.database)
        comebacks: list[Comeback] = []
        for each in described:
            try:
                data = self._read(each)
                comeback = read_comeback(each, data, ways.permalinks.time_zone)
                if self._is_wanted(comeback, present.get(each.public_id)):
                    comebacks.append(comeback)
                    self.report.warnings += comeback.warnings
            except FileRefusedError as error:
                self.report.skip(each.file, str(error), error.line)
        changing = {
            present[each.described.public_id].entry_id for each in comebacks if each.described.public_id in present
        }
        book = ways.address_book(list_taken_addresses(self.connection), changing)
        planned = [self._planned(comeback, book.settle(comeback.post), present) for comeback in comebacks]
        return comebacks, planned

    def _read(self, described: DescribedEntry) -> bytes:
        if described.file not in self.tree.files:
            raise FileRefusedError("is not in the folder any more")
        return self.tree.read(described.file, MAX_FILE_BYTES)

    def _is_wanted(self, comeback: Comeback, present: PresentEntry | None) -> bool:
        described = comeback.described
        if present is None:
            return True
        self._by_id[str(described.public_id)] = Place(present.path, described.file, present.entry_id)
        if present.is_deleted:
            if self.options.restore_deleted:
                self._wanted_back.add(present.entry_id)
                return True
            self.report.skip(described.file, DELETED)
        elif present.content_digest == comeback.content_digest:
            self.report.unchanged += 1
        elif present.content_digest != described.content_digest and not self.options.overwrite:
            self.report.skip(described.file, "edited here")
        else:
            return True
        return False

    def _planned(self, comeback: Comeback, planned: PlannedPost, present: Mapping[UUID, PresentEntry]) -> PlannedPost:
        described = comeback.described
        here = present.get(described.public_id)
        self._by_id[str(described.public_id)] = Place(planned.address, described.file, here.entry_id if here else None)
        if here is None:
            cover = self._media.get(described.cover)
            return replace(planned, memory=comeback.memory(cover.media_id if cover else None))
        kept = frozenset({"cover"}) if comeback.says_more else UPDATABLE - TEXT_FIELDS
        return replace(planned, entry_id=here.entry_id, kept=kept)

    def _meanings(self, comebacks: Iterable[Comeback]) -> Remembered:
        folder = destinations(EXPORT, self.tree.files)
        for place in self._by_id.values():
            folder.add(place)
        return Remembered(
            {each.post.path: dict(self._references(each.described)) for each in comebacks},
            frozenset(each.post.path for each in comebacks if each.is_edited),
            folder,
        )

    def _references(self, described: DescribedEntry) -> Iterable[tuple[tuple[str, str], Meaning]]:
        for given in described.references:
            end = self._by_id.get(str(given.get("entry"))) or self._media.get(str(given.get("media")))
            if end:
                yield (str(given.get("kind")), str(given.get("target"))), end

    def _finish(self, described: Iterable[DescribedEntry]) -> None:
        with self.database.transaction() as session:
            restore_translations(session, described)
            restore_past(session, self.manifest, self.report)
            restore_conversation(session, self.manifest, self.report)

    def _report_strangers(self, described: Iterable[DescribedEntry]) -> None:
        known = {each.file for each in described}
        for path in self.tree.files:
            if is_markdown(path) and path not in known:
                self.report.skip(path, f"is not in {MANIFEST}; import a folder that has only new texts")
