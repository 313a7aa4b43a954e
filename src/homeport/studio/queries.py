"""What the dashboard shows: one statement for the entries, one for what waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, and_, func, literal, select, union_all

from homeport.blog.models import Byline, Entry
from homeport.blog.rows import COUNTED, counted
from homeport.blog.versions import WorkingCopy
from homeport.comments.models import Response
from homeport.jobs.models import Job

SHOWN = 6


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """One entry on the dashboard."""

    place: str
    public_id: UUID
    title: str
    moment: datetime
    word_count: int


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on the dashboard, each list with what needs the author first.

    One more than `COUNTED` comments or jobs means at least so many.
    """

    drafts: tuple[DeskEntry, ...]
    changed: tuple[DeskEntry, ...]
    scheduled: tuple[DeskEntry, ...]
    recent: tuple[DeskEntry, ...]
    waiting_comments: int
    failed_jobs: int

    @property
    def shown_comments(self) -> str:
        """Return how many comments wait, as the page says it."""
        return counted(self.waiting_comments)

    @property
    def shown_jobs(self) -> str:
        """Return how many jobs have failed, as the page says it."""
        return counted(self.failed_jobs)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been written here yet."""
        return not (self.drafts or self.scheduled or self.recent)


_IS_HERE = Entry.deleted_at.is_(None)
_IS_OUT = and_(Entry.state != "draft", _IS_HERE)
_IS_COMING = and_(Entry.state == "published", Entry.published_at > func.now())
_HAS_CHANGES = select(literal(1)).where(WorkingCopy.entry_id == Entry.id).exists()
_PLACES: dict[str, tuple[Any, tuple[ColumnElement[bool], ...]]] = {
    "drafts": (Entry.modified_at, (Entry.state == "draft", _IS_HERE)),
    "scheduled": (Entry.published_at, (_IS_COMING, _IS_OUT)),
    "changed": (Entry.published_at, (_IS_OUT, ~_IS_COMING, _HAS_CHANGES)),
    "recent": (Entry.published_at, (_IS_OUT, ~_IS_COMING, ~_HAS_CHANGES)),
}
"""What each place of the dashboard shows: by which moment, the latest first, and of which entries."""


def _latest(place: str, author_id: int | None) -> Select[Any]:
    """Return the entries of one place: each place by itself, so that an index leads to the few that are shown."""
    moment, conditions = _PLACES[place]
    latest = select(
        literal(place).label("place"),
        Entry.public_id,
        func.coalesce(func.nullif(Entry.title, ""), func.nullif(func.left(Entry.excerpt, 80), ""), "Untitled").label(
            "title"
        ),
        moment.label("moment"),
        Entry.word_count,
        Entry.id.label("id"),
    ).where(*conditions)
    if author_id is not None:
        latest = latest.where(Entry.id.in_(select(Byline.entry_id).where(Byline.author_id == author_id)))
    return latest.order_by(moment.desc(), Entry.id.desc()).limit(SHOWN)


def load_desk(connection: Connection, *, author_id: int | None = None) -> Desk:
    """Return the dashboard of the whole site, or of one author's own entries."""
    found = union_all(*(select(_latest(place, author_id).subquery()) for place in _PLACES)).subquery("found")
    columns = (found.c[name] for name in ("place", "public_id", "title", "moment", "word_count"))
    chosen = select(*columns).order_by(found.c.moment.desc(), found.c.id.desc())
    places: dict[str, list[DeskEntry]] = {"drafts": [], "changed": [], "scheduled": [], "recent": []}
    for row in connection.execute(chosen).mappings():
        places[row["place"]].append(DeskEntry(**row))
    waiting, failed = connection.execute(_waiting(author_id)).one()
    return Desk(
        **{name: tuple(entries) for name, entries in places.items()}, waiting_comments=waiting, failed_jobs=failed
    )


def _waiting(author_id: int | None) -> Select[int, int]:
    deleted = select(Entry.id).where(Entry.deleted_at.is_not(None))
    held = select(literal(1)).select_from(Response).where(Response.state == "held", Response.entry_id.not_in(deleted))
    if author_id is not None:
        own = select(literal(1)).where(Byline.entry_id == Response.entry_id, Byline.author_id == author_id)
        held = held.where(own.exists())
    failed = select(literal(1)).select_from(Job).where(Job.failed_at.is_not(None))
    return select(_count(held), _count(failed))


def _count(chosen: Select[int]) -> ScalarSelect[int]:
    return select(func.count()).select_from(chosen.limit(COUNTED + 1).subquery()).scalar_subquery()
