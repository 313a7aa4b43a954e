"""Moving in: a folder of Markdown becomes entries, media and redirects, one transaction a text."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from homeport.blog.rendering import options_of
from homeport.db.session import Database
from homeport.errors import ConflictError, InvalidError
from homeport.exchange.dialects import Dialect, Origin, find_origin, is_markdown
from homeport.exchange.links import Destinations, Place, destinations
from homeport.exchange.notices import FileRefusedError
from homeport.exchange.plan import AddressBook, PlannedPost, in_order
from homeport.exchange.queries import (
    TakenAddress,
    list_gone,
    list_known_files,
    list_redirects,
    list_taken_addresses,
    try_lock,
    unlock,
)
from homeport.exchange.rendering import Renderer, render_all
from homeport.exchange.report import ImportReport
from homeport.exchange.survey import KnownFiles, Survey, Surveyor
from homeport.exchange.tree import Tree, walk
from homeport.exchange.writer import Writer
from homeport.site.actions import site_of
from homeport.site.permalinks import Permalinks, is_reserved
from homeport.site.queries import other_spelling
from homeport.text.markdown import RenderOptions

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOptions:
    """How a folder is to be imported; `label` tells folders apart that are imported into one site."""

    dialect: Dialect | None = None
    label: str = ""
    address: str = ""
    dry_run: bool = False
    overwrite: bool = False
    processes: int = field(default_factory=lambda: os.cpu_count() or 1)
    max_media_bytes: int = 25 * 2**20


@dataclass(frozen=True, slots=True)
class _Ground:
    """What an import stands on: the folder, where it comes from, and the site's ways."""

    tree: Tree
    origin: Origin
    label: str
    permalinks: Permalinks
    rendering: RenderOptions
    now: datetime


def import_folder(
    database: Database, root: Path, options: ImportOptions, *, progress: Progress = lambda _done, _total: None
) -> ImportReport:
    """Import every text beneath `root` that is new or has changed; say in the report what became of each file.

    Raises InvalidError when there is no text at all, ConflictError while another import is running.
    """
    started = time.monotonic()
    tree = walk(root)
    if not any(is_markdown(path) for path in tree.files):
        raise InvalidError(f"there is no Markdown file in {root}", hint="Give the folder that holds your texts.")
    origin = find_origin(tree, dialect=options.dialect, address=options.address)
    report = ImportReport(origin.dialect, options.dry_run, skipped=list(tree.refused))
    with _only_import(database) as connection:
        ground = _Ground(tree, origin, options.label or label_of(root), *_ways_of_the_site(database))
        _Import(database, ground, options, report).run(connection, progress)
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
    ground: _Ground
    options: ImportOptions
    report: ImportReport

    def run(self, connection: Connection, progress: Progress) -> None:
        survey = self._survey(connection)
        taken = list_taken_addresses(connection)
        redirects = list_redirects(connection)
        planned = self._plan(survey, taken)
        known = {file: known.entry_id for file, known in survey.settled.items()}
        places = self._places(planned, known, taken, redirects)
        renderer = Renderer(self.ground.tree, places, self.ground.rendering, self.options.max_media_bytes)
        writer = Writer(
            self.database,
            renderer,
            self.ground.label,
            self.report,
            ids=known | {each.post.path: each.entry_id for each in planned if each.entry_id},
            redirects=self._redirects(planned, taken, dict(redirects)),
            haunted=frozenset(path for path, _ in redirects) | list_gone(connection),
            keeps_cover=frozenset(each.post.path for each in survey.changed if each.keeps_cover),
        )
        self._render_and_write(planned, renderer, writer, progress)
        if not self.options.dry_run:
            writer.finish(known)

    def _survey(self, connection: Connection) -> Survey:
        ground = self.ground
        surveyor = Surveyor(
            ground.tree,
            ground.origin,
            ground.permalinks.time_zone,
            KnownFiles(ground.label, list_known_files(connection)),
            self.options.overwrite,
            self.report,
        )
        return surveyor.survey(connection)

    def _plan(self, survey: Survey, taken: list[TakenAddress]) -> list[PlannedPost]:
        book = AddressBook(
            self.ground.permalinks,
            {each.slug for each in taken if each.kind != "page"},
            {each.slug for each in taken if each.kind == "page"},
            {each.path for each in taken if each.path},
            self.ground.now,
        )
        entry_ids = {each.post.path: each.known.entry_id for each in survey.changed}
        for each in taken:
            if each.entry_id in entry_ids.values():
                book.release(each.kind, each.slug, each.path)
        planned = [book.settle(each.post, each.known.entry_id) for each in survey.changed]
        planned += [book.settle(post) for post in in_order(survey.new)]
        return planned

    def _places(
        self,
        planned: list[PlannedPost],
        known: dict[str, int],
        taken: list[TakenAddress],
        redirects: list[tuple[str, int | None]],
    ) -> Destinations:
        """Gather all that links may lead to: this folder's texts first, then everything else on the site."""
        places = destinations(self.ground.origin, self.ground.tree.files)
        former: dict[int, list[str]] = {}
        for path, entry_id in redirects:
            if entry_id is not None:
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
        self, planned: list[PlannedPost], taken: list[TakenAddress], redirects: dict[str, int | None]
    ) -> dict[str, tuple[str, ...]]:
        """Give every former address to the first text that claims it, unless something lives there."""
        living = {each.path for each in taken} | {each.address for each in planned}
        claimed: dict[str, tuple[str, ...]] = {}
        claims: dict[str, int | str | None] = dict(redirects)
        for each in planned:
            mine = each.entry_id or each.post.path
            paths = []
            for path in each.post.old_paths:
                if path in (each.address, other_spelling(each.address or "/")):
                    continue
                is_claimed = claims.setdefault(path, mine) != mine
                if problem := _obstacle(path, living, is_claimed=is_claimed):
                    self.report.warn(each.post.path, f"no redirect from {path}: {problem}")
                else:
                    paths.append(path)
            claimed[each.post.path] = tuple(paths)
        return claimed

    def _render_and_write(
        self, planned: list[PlannedPost], renderer: Renderer, writer: Writer, progress: Progress
    ) -> None:
        by_file = {each.post.path: each for each in planned}
        outcomes = render_all(renderer, [each.post for each in planned], processes=self.options.processes)
        for done, (post, outcome) in enumerate(outcomes, start=1):
            if isinstance(outcome, FileRefusedError):
                self.report.skip(post.path, str(outcome), outcome.line)
            else:
                self.report.warnings += outcome.warnings
                if self.options.dry_run:
                    self.report.count(is_new=by_file[post.path].entry_id is None)
                else:
                    writer.write(by_file[post.path], outcome)
            progress(done, len(planned))


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


def _ways_of_the_site(database: Database) -> tuple[Permalinks, RenderOptions, datetime]:
    with database.transaction() as session:
        site = site_of(session)
        now = session.execute(select(func.now())).scalar_one()
        return Permalinks(site.permalink_pattern, ZoneInfo(site.time_zone)), options_of(site), now
