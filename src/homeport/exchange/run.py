"""What both ways in have in common, a folder of Markdown and an export: options, the site's ways, the writing."""

import os
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import forkserver
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from homeport.blog.rendering import options_of
from homeport.db.session import Database
from homeport.exchange import rendering
from homeport.exchange.dialects import Dialect
from homeport.exchange.notices import FileRefusedError
from homeport.exchange.plan import AddressBook, PlannedPost
from homeport.exchange.queries import TakenAddress
from homeport.exchange.rendering import Outcome, Renderer, render_all
from homeport.exchange.report import ImportReport
from homeport.exchange.writer import Writer
from homeport.site.actions import site_of
from homeport.site.permalinks import Permalinks
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
    restore_deleted: bool = False
    processes: int = field(default_factory=lambda: os.cpu_count() or 1)
    max_media_bytes: int = 25 * 2**20


@dataclass(frozen=True, slots=True)
class SiteWays:
    """How the site makes addresses and HTML, and what time it is by its database."""

    permalinks: Permalinks
    rendering: RenderOptions
    now: datetime
    language: str = ""

    def address_book(self, taken: Iterable[TakenAddress], changing: set[int]) -> AddressBook:
        """Return the addresses that are taken by entries other than those that are about to change."""
        others = [each for each in taken if each.entry_id not in changing]
        return AddressBook(
            self.permalinks,
            {each.slug for each in others if each.kind != "page"},
            {each.slug for each in others if each.kind == "page"},
            {each.path for each in others if each.path},
            self.now,
        )


def prepare_processes() -> None:
    """Let the process that renderers are forked from load what they need while the folder is still being read."""
    forkserver.set_forkserver_preload([rendering.__name__])
    forkserver.ensure_running()


def ways_of_the_site(database: Database) -> SiteWays:
    """Read how the site does things."""
    with database.transaction() as session:
        site = site_of(session)
        now = session.execute(select(func.now())).scalar_one()
        permalinks = Permalinks(site.permalink_pattern, ZoneInfo(site.time_zone))
        return SiteWays(permalinks, options_of(site), now, site.language)


def render_and_write(
    planned: list[PlannedPost],
    renderer: Renderer,
    writer: Writer | None,
    report: ImportReport,
    *,
    processes: int,
    progress: Progress,
) -> None:
    """Render every text and write it; without a writer only count what would be written."""
    by_file = {each.post.path: each for each in planned}
    outcomes = render_all(renderer, [each.post for each in planned], processes=processes)
    with writer.on_one_connection() if writer else nullcontext():
        for done, (post, outcome) in enumerate(outcomes, start=1):
            _take(by_file[post.path], outcome, writer, report)
            progress(done, len(planned))


def _take(planned: PlannedPost, outcome: Outcome, writer: Writer | None, report: ImportReport) -> None:
    if isinstance(outcome, FileRefusedError):
        report.skip(planned.post.path, str(outcome), outcome.line)
        return
    report.warnings += outcome.warnings
    if writer:
        writer.write(planned, outcome)
    else:
        report.count(is_new=planned.entry_id is None)
