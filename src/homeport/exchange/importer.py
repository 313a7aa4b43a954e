"""Moving in: a folder of Markdown becomes entries, media and redirects, one transaction a text."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from homeport.db.session import Database
from homeport.errors import ConflictError, InvalidError
from homeport.exchange.dialects import Dialect, Origin, find_origin, is_markdown
from homeport.exchange.former_lists import lead_from_former_lists
from homeport.exchange.homecoming import bring_back, follow_files
from homeport.exchange.links import Destinations, Place, destinations
from homeport.exchange.plan import PlannedPost, in_order
from homeport.exchange.queries import (
    KnownFile,
    TakenAddress,
    list_gone,
    list_known_files,
    list_redirects,
    list_taken_addresses,
    try_lock,
    unlock,
)
from homeport.exchange.rendering import Renderer
from homeport.exchange.replaced_media import MediaCheck, ReplacedFile
from homeport.exchange.report import ImportReport
from homeport.exchange.restore import restore_export
from homeport.exchange.run import (
    ImportOptions,
    Progress,
    SiteWays,
    prepare_processes,
    render_and_write,
    ways_of_the_site,
)
from homeport.exchange.survey import KnownFiles, Survey, Surveyor
from homeport.exchange.tree import Tree, walk
from homeport.exchange.writer import Writer
from homeport.site.permalinks import is_reserved
from homeport.site.queries import other_spelling

Redirects = list[tuple[str, int | None]]


def import_folder(
    database: Database, root: Path, options: ImportOptions, *, progress: Progress = lambda _done, _total: None
) -> ImportReport:
    """Import every text beneath `root` that is new or has changed; say in the report what became of each file.

    Raises InvalidError when there is no text at all, ConflictError while another import is running.
    """
    started = time.monotonic()
    tree = walk(root)
    origin = find_origin(tree, dialect=options.dialect, address=options.address)
    if origin.dialect != Dialect.HOMEPORT and not any(is_markdown(path) for path in tree.files):
        raise InvalidError(f"there is no Markdown file in {root}", hint="Give the folder that holds your texts.")
    report = ImportReport(origin.dialect.value, options.dry_run, skipped=list(tree.refused))
    with _only_import(database) as connection:
        if origin.dialect == Dialect.HOMEPORT:
            restore_export(database, connection, tree, options, report).run(progress)
        else:
            ways = ways_of_the_site(database)
            origin = replace(origin, language=_other_language(origin.site.language, ways.language))
            label = options.label or label_of(root)
            _Import(database, tree, origin, label, ways, options, report).run(connection, progress)
    report.seconds = time.monotonic() - started
    return report


def label_of(root: Path) -> str:
    """Return the name by which a folder is known again: its own, or its parent's when it is just called content."""
    real = root.resolve()
    return (real.parent.name if real.name == "content" else real.name) or "root"


@dataclass(slots=True)
class _Import:
    """One run over one folder."""

    database: Database
    tree: Tree
    origin: Origin
    label: str
    ways: SiteWays
    options: ImportOptions
    report: ImportReport

    def run(self, connection: Connection, progress: Progress) -> None:
        known_files = list_known_files(connection)
        if self.options.processes > 1 and not known_files:
            prepare_processes()
        surveyor = self._surveyor(known_files)
        survey = surveyor.survey(connection)
        taken = list_taken_addresses(connection)
        redirects = list_redirects(connection)
        planned = self._plan(survey, taken)
        known = {file: known.entry_id for file, known in survey.settled.items()}
        renderer = Renderer(
            self.tree,
            self._places(planned, known, taken, redirects),
            self.ways.rendering,
            self.options.max_media_bytes,
        )
        writer = Writer(
            self.database,
            renderer,
            self.origin,
            self.label,
            self.report,
            ids=known | {each.post.path: each.entry_id for each in planned if each.entry_id},
            redirects=self._redirects(planned, taken, redirects),
            haunted=frozenset(path for path, _ in redirects) | list_gone(connection),
        )
        if not self.options.dry_run and (survey.moved or survey.wanted_back):
            self._prepare(survey, planned)
        render_and_write(
            planned,
            renderer,
            None if self.options.dry_run else writer,
            self.report,
            processes=self.options.processes,
            progress=progress,
        )
        replaced = self._replaced(connection, renderer, surveyor, survey)
        if not self.options.dry_run:
            writer.finish(known, replaced)
            with self.database.transaction() as session:
                lead_from_former_lists(session, self.origin, [each.post for each in planned])

    def _replaced(
        self, connection: Connection, renderer: Renderer, surveyor: Surveyor, survey: Survey
    ) -> list[ReplacedFile]:
        """Find new bytes of files that unchanged texts show; those texts count as updated."""
        replaced = MediaCheck(renderer, self.report).find(connection, survey.unchanged, surveyor.cover_of)
        number = len({each.entry_id for each in replaced})
        self.report.updated += number
        self.report.unchanged -= number
        return replaced

    def _surveyor(self, known: Iterable[KnownFile]) -> Surveyor:
        return Surveyor(
            self.tree,
            self.origin,
            self.ways.permalinks.time_zone,
            KnownFiles(self.label, known, {self.origin.inner(path) for path in self.tree.files}),
            self.options.overwrite,
            self.report,
            self.options.restore_deleted,
        )

    def _plan(self, survey: Survey, taken: list[TakenAddress]) -> list[PlannedPost]:
        book = self.ways.address_book(taken, {each.entry_id for each in survey.changed})
        planned = [replace(book.settle(each.post), entry_id=each.entry_id, kept=each.kept) for each in survey.changed]
        planned += [book.settle(post) for post in in_order(survey.new)]
        for each in planned:
            if each.slug not in (each.post.slug, each.post.second_slug):
                reason = f"another entry or the site itself has the address of {each.post.slug!r}"
                self.report.warn(each.post.path, f"{reason}; this one is at {each.address or each.slug}")
        return planned

    def _prepare(self, survey: Survey, planned: list[PlannedPost]) -> None:
        """Put in order what has to be so before anything is written."""
        with self.database.transaction() as session:
            follow_files(session, self.label, survey.moved)
            bring_back(session, [each for each in planned if each.entry_id in survey.wanted_back])

    def _places(
        self, planned: list[PlannedPost], known: dict[str, int], taken: list[TakenAddress], redirects: Redirects
    ) -> Destinations:
        """Gather all that links may lead to: this folder's texts first, then everything else on the site."""
        places = destinations(self.origin, self.tree.files)
        former: dict[int | None, list[str]] = {}
        for path, entry_id in redirects:
            former.setdefault(entry_id, []).append(path)
        for each in planned:
            places.add(Place(each.address, each.post.path, each.entry_id), each.post.old_paths)
        files = {entry_id: file for file, entry_id in known.items()}
        replanned = {each.entry_id for each in planned}
        for entry in taken:
            if entry.entry_id not in replanned:
                place = Place(entry.path, files.get(entry.entry_id, ""), entry.entry_id)
                places.add(place, former.get(entry.entry_id, ()))
        return places

    def _redirects(
        self, planned: list[PlannedPost], taken: list[TakenAddress], redirects: Redirects
    ) -> dict[str, tuple[str, ...]]:
        """Give every former address to the first text that claims it, unless something lives there."""
        living = {each.path for each in taken} | {each.address for each in planned}
        claims: dict[str, int | str | None] = dict(redirects)
        granted: dict[str, tuple[str, ...]] = {}
        for each in planned:
            own = (each.address, other_spelling(each.address or "/"))
            paths = [path for path in each.post.old_paths if path not in own]
            claimant = each.entry_id or each.post.path
            free = []
            for path in paths:
                if problem := _obstacle(path, living, is_claimed=claims.setdefault(path, claimant) != claimant):
                    self.report.warn(each.post.path, f"no redirect from {path}: {problem}")
                else:
                    free.append(path)
            granted[each.post.path] = tuple(free)
        return granted


def _other_language(former: str, here: str) -> str:
    """Return the former site's language where it is not this site's, whatever country is said beside it."""
    return "" if former.lower().partition("-")[0] == here.lower().partition("-")[0] else former


def _obstacle(path: str, living: set[str | None], *, is_claimed: bool) -> str:
    if path in living or other_spelling(path) in living:
        return "another entry lives there"
    if is_reserved(path):
        return "the path belongs to the site itself"
    return "another entry claims it already" if is_claimed else ""


@contextmanager
def _only_import(database: Database) -> Iterator[Connection]:
    with database.reader() as connection:
        if not try_lock(connection):
            raise ConflictError("another import is running", hint="Wait until it has ended.")
        try:
            yield connection
        finally:
            unlock(connection)
