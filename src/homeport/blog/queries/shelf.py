"""The studio's list of entries: filtered, newest change first, page by page, at a cost that does not grow."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from homeport.accounts.models import Author
from homeport.blog.models import Byline, Entry, EntryTag, Tag
from homeport.blog.rows import COUNTED, counted
from homeport.blog.versions import WorkingCopy

SHELF_SIZE = 40


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """An entry as the studio lists it; `is_changed` says that something is written over it."""

    public_id: UUID
    version: int
    kind: str
    slug: str
    title: str
    excerpt: str
    state: str
    path: str
    published_at: datetime | None
    modified_at: datetime
    word_count: int
    authors: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of the list, how many entries each state has, and the cursor of the next page if there is one.

    A count of one more than `COUNTED` means at least so many.
    """

    entries: tuple[ShelfEntry, ...]
    counts: dict[str, int]
    older: str

    @property
    def shown_counts(self) -> dict[str, str]:
        """Return the states that have entries, with how many these are as the page says it."""
        return {state: counted(count) for state, count in self.counts.items() if count}


@dataclass(frozen=True, slots=True)
class Wish:
    """Which entries somebody wants to see; `author_id` narrows to what one author signs, and so does `author`."""

    state: str = ""
    kind: str = ""
    words: str = ""
    author_id: int | None = None
    tag: str = ""
    author: str = ""


_IS_HERE = Entry.deleted_at.is_(None)
_IS_LATER = and_(Entry.state != "draft", Entry.published_at > func.now())
_STATE = case(
    (Entry.deleted_at.is_not(None), "deleted"),
    (_IS_LATER, "scheduled"),
    else_=Entry.state,
)
STATES: dict[str, ColumnElement[bool]] = {
    "draft": and_(_IS_HERE, Entry.state == "draft"),
    "scheduled": and_(_IS_HERE, _IS_LATER),
    "published": and_(_IS_HERE, Entry.state == "published", Entry.published_at <= func.now()),
    "unlisted": and_(_IS_HERE, Entry.state == "unlisted", Entry.published_at <= func.now()),
    "deleted": Entry.deleted_at.is_not(None),
}

_AUTHORS = (
    select(func.string_agg(Author.name, ", "))
    .join(Byline, Byline.author_id == Author.id)
    .where(Byline.entry_id == Entry.id)
    .correlate(Entry)
    .scalar_subquery()
)
_copy = aliased(WorkingCopy)
_IS_CHANGED = select(_copy.entry_id).where(_copy.entry_id == Entry.id).correlate(Entry).exists()

_LIST = select(
    Entry.public_id,
    Entry.version,
    Entry.kind,
    Entry.slug,
    func.coalesce(Entry.title, "").label("title"),
    func.left(Entry.excerpt, 80).label("excerpt"),
    _STATE.label("state"),
    func.coalesce(Entry.path, "").label("path"),
    Entry.published_at,
    Entry.modified_at,
    Entry.word_count,
    func.coalesce(_AUTHORS, "").label("authors"),
    _IS_CHANGED.label("is_changed"),
).order_by(Entry.modified_at.desc(), Entry.public_id.desc())


def list_shelf(connection: Connection, wish: Wish, *, before: str = "") -> Shelf:
    """Return the entries of a wish after the cursor `before`, and the counts of all states; two statements."""
    entries, older = list_entries(connection, wish, before=before)
    conditions = _conditions(wish)
    counting = select(*(_count(state, *conditions).label(name) for name, state in STATES.items()))
    return Shelf(entries, dict(connection.execute(counting).mappings().one()), older)


def list_entries(
    connection: Connection, wish: Wish, *, before: str = "", limit: int = SHELF_SIZE
) -> tuple[tuple[ShelfEntry, ...], str]:
    """Return the entries of a wish after the cursor `before`, and the cursor of those that follow."""
    shown = _LIST.where(STATES.get(wish.state, _IS_HERE), *_conditions(wish))
    if cursor := _read_cursor(before):
        shown = shown.where(tuple_(Entry.modified_at, Entry.public_id) < tuple_(*cursor))
    rows = connection.execute(shown.limit(limit + 1)).mappings().all()
    entries = tuple(ShelfEntry(**row) for row in rows[:limit])
    return entries, _write_cursor(entries[-1]) if len(rows) > limit else ""


def _count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """Return how many entries there are, up to a bound: each state by itself, for an index to find no more of it."""
    some = select(literal(1)).select_from(Entry).where(*conditions).limit(COUNTED + 1).subquery("some")
    return select(func.count()).select_from(some).scalar_subquery()


def _conditions(wish: Wish) -> list[ColumnElement[bool]]:
    conditions: list[Any] = []
    if wish.kind:
        conditions.append(Entry.kind == wish.kind)
    conditions.extend(
        or_(Entry.title.icontains(word, autoescape=True), Entry.slug.icontains(word, autoescape=True))
        for word in wish.words.split()[:8]
    )
    if wish.tag:
        carried = select(EntryTag.entry_id).join(Tag, Tag.id == EntryTag.tag_id)
        conditions.append(Entry.id.in_(carried.where(Tag.slug == wish.tag)))
    if wish.author:
        signed = select(Byline.entry_id).join(Author, Author.id == Byline.author_id)
        conditions.append(Entry.id.in_(signed.where(Author.slug == wish.author)))
    if wish.author_id is not None:
        conditions.append(Entry.id.in_(select(Byline.entry_id).where(Byline.author_id == wish.author_id)))
    return conditions


def _write_cursor(entry: ShelfEntry) -> str:
    return f"{entry.modified_at.isoformat()}~{entry.public_id}"


def _read_cursor(written: str) -> tuple[datetime, UUID] | None:
    """Return the place that a cursor names; anything else starts at the top."""
    moment, _, name = written.partition("~")
    try:
        at = datetime.fromisoformat(moment.replace(" ", "+"))
        return (at, UUID(name)) if at.tzinfo else None
    except ValueError:
        return None
