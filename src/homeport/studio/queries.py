"""What the dashboard shows: one statement for the entries, one for what waits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Select, and_, case, func, literal, select

from homeport.blog.models import Byline, Entry
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
    """Everything on the dashboard, each list with what needs the author first."""

    drafts: tuple[DeskEntry, ...]
    changed: tuple[DeskEntry, ...]
    scheduled: tuple[DeskEntry, ...]
    recent: tuple[DeskEntry, ...]
    waiting_comments: int
    failed_jobs: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been written here yet."""
        return not (self.drafts or self.scheduled or self.recent)


_IS_COMING = and_(Entry.state == "published", Entry.published_at > func.now())
_HAS_CHANGES = select(literal(1)).where(WorkingCopy.entry_id == Entry.id).exists()
_PLACE = case(
    (Entry.state == "draft", "drafts"),
    (_IS_COMING, "scheduled"),
    (_HAS_CHANGES, "changed"),
    else_="recent",
)
_MOMENT = case((Entry.state == "draft", Entry.modified_at), else_=func.coalesce(Entry.published_at, Entry.modified_at))


def _ranked(author_id: int | None) -> Select[int]:
    """Number the entries of each place, so that a few of each can be taken without reading them all to the page."""
    ranked = select(
        Entry.id.label("id"),
        _PLACE.label("place"),
        _MOMENT.label("moment"),
        func.row_number().over(partition_by=_PLACE, order_by=(_MOMENT.desc(), Entry.id.desc())).label("rank"),
    ).where(Entry.deleted_at.is_(None))
    if author_id is not None:
        ranked = ranked.join(Byline, Byline.entry_id == Entry.id).where(Byline.author_id == author_id)
    return ranked


def load_desk(connection: Connection, *, author_id: int | None = None) -> Desk:
    """Return the dashboard of the whole site, or of one author's own entries."""
    ranked = _ranked(author_id).subquery()
    title = func.coalesce(func.nullif(Entry.title, ""), func.nullif(func.left(Entry.excerpt, 80), ""), "Untitled")
    chosen = (
        select(ranked.c.place, Entry.public_id, title.label("title"), ranked.c.moment, Entry.word_count)
        .join(ranked, ranked.c.id == Entry.id)
        .where(ranked.c.rank <= SHOWN)
        .order_by(ranked.c.moment.desc(), Entry.id.desc())
    )
    places: dict[str, list[DeskEntry]] = {"drafts": [], "changed": [], "scheduled": [], "recent": []}
    for row in connection.execute(chosen).mappings():
        places[row["place"]].append(DeskEntry(**row))
    waiting, failed = connection.execute(_waiting(author_id)).one()
    return Desk(
        **{name: tuple(entries) for name, entries in places.items()}, waiting_comments=waiting, failed_jobs=failed
    )


def _waiting(author_id: int | None) -> Select[int, int]:
    held = select(func.count()).select_from(Response).join(Entry, Entry.id == Response.entry_id)
    held = held.where(Response.state == "held", Entry.deleted_at.is_(None))
    if author_id is not None:
        own = select(Byline.entry_id).where(Byline.author_id == author_id)
        held = held.where(Response.entry_id.in_(own))
    failed = select(func.count()).select_from(Job).where(Job.failed_at.is_not(None))
    return select(held.scalar_subquery(), failed.scalar_subquery())
