"""What stands around an entry on its page, in one statement: its place in a series, its neighbours, related entries."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from homeport.blog.models import LAST_IN_SERIES, Entry, EntryTag
from homeport.blog.queries.cards import IS_LISTED, NEWEST_FIRST, POSITION
from homeport.blog.rows import COUNTED, EntryLink, SeriesCard, SeriesPlace
from homeport.db.prepared import PreparedStatement

RELATED_SIZE = 3
RELATED_CANDIDATES = 50
"""How many of a tag's newest entries are looked at for related ones, so that a huge tag costs what a small one does."""

COUNT = "series place"
_AT, _ID = bindparam("at", type_=DateTime(timezone=True)), bindparam("id", type_=BigInteger)


def surround(connection: Connection, row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what stands around an entry on its page: its place in a series and its neighbours; one statement.

    `row` has the entry's kind, id, published_at and series columns. A page has nothing around it.
    """
    around = _around(connection, row) if row["kind"] != "page" else {}
    return {
        "series_place": _series_place(row, around),
        "previous": _first(around.get("previous")),
        "next": _first(around.get("next")),
        "related": tuple(around.get("related", ())),
    }


@cache
def _statement() -> PreparedStatement:
    """Return the statement; made when a page is asked for the first time, since a start does not wait for it."""
    now, here = (
        tuple_(Entry.published_at, Entry.id),
        tuple_(bindparam("at", type_=DateTime(timezone=True)), bindparam("id", type_=BigInteger)),
    )
    parts = (
        _links("previous").where(IS_LISTED, now < here).order_by(*NEWEST_FIRST).limit(1),
        _links("next").where(IS_LISTED, now > here).order_by(Entry.published_at, Entry.id).limit(1),
        *_in_series(),
        _related(),
    )
    return PreparedStatement("around_entry", union_all(*parts))


def _links(role: str, rank: Any = None) -> Select[Any]:
    title = func.coalesce(Entry.title, func.left(Entry.excerpt, 80)).label("title")
    rank = literal(0) if rank is None else rank
    return select(literal(role).label("role"), Entry.path, title, Entry.published_at, rank.label("rank"))


def _in_series() -> Sequence[Select[Any]]:
    position = POSITION
    place = tuple_(position, Entry.published_at, Entry.id)
    here = tuple_(bindparam("position", type_=Integer), _AT, _ID)
    same = and_(IS_LISTED, Entry.series_id == bindparam("series_id"))
    backwards = (position.desc(), Entry.published_at.desc(), Entry.id.desc())
    forwards = (position.asc(), Entry.published_at.asc(), Entry.id.asc())
    return (
        _links("series previous").where(same, place < here).order_by(*backwards).limit(1),
        _links("series next").where(same, place > here).order_by(*forwards).limit(1),
        _counted(same, place < here),
    )


def _counted(*conditions: Any) -> Select[Any]:
    some = select(literal(1)).select_from(Entry).where(*conditions).limit(COUNTED + 1).subquery("some")
    count = select(func.count()).select_from(some).scalar_subquery()
    row = select(literal(COUNT), literal(""), literal(""), func.now(), count)
    return row.where(bindparam("series_id") > 0)


def _related() -> Select[Any]:
    shared = _shared()
    return (
        _links("related", shared.c.tags)
        .join(shared, shared.c.entry_id == Entry.id)
        .where(IS_LISTED)
        .order_by(shared.c.tags.desc(), *NEWEST_FIRST)
        .limit(RELATED_SIZE)
    )


def _shared() -> Subquery:
    """Return the newest entries that share a tag with this one, and how many they share."""
    tagging = aliased(EntryTag)
    recent = (
        select(tagging.entry_id)
        .where(tagging.tag_id == EntryTag.tag_id, tagging.listed_at <= func.now(), tagging.entry_id != bindparam("id"))
        .order_by(tagging.listed_at.desc(), tagging.entry_id.desc())
        .limit(RELATED_CANDIDATES)
        .correlate(EntryTag)
        .lateral("recent")
    )
    return (
        select(recent.c.entry_id, func.count().label("tags"))
        .select_from(EntryTag)
        .join(recent, literal(value=True))
        .where(EntryTag.entry_id == bindparam("id"))
        .group_by(recent.c.entry_id)
        .subquery("shared")
    )


def _around(connection: Connection, row: Mapping[Any, Any]) -> Mapping[str, list[Any]]:
    parameters = {
        "id": row["id"],
        "at": row["published_at"],
        "position": LAST_IN_SERIES if row["series_position"] is None else row["series_position"],
        "series_id": row["series_id"] or 0,
    }
    found: dict[str, list[Any]] = {}
    rows: Iterable[Any] = _statement().execute(connection, parameters)
    for role, path, title, published_at, rank in rows:
        value = rank if role == COUNT else EntryLink(path, title, published_at)
        found.setdefault(role, []).append(value)
    return found


def _series_place(row: Mapping[Any, Any], around: Mapping[str, list[Any]]) -> SeriesPlace | None:
    if row["series_slug"] is None or COUNT not in around:
        return None
    before = around[COUNT][0]
    return SeriesPlace(
        series=SeriesCard(row["series_slug"], row["series_title"], row["series_description"]),
        position=before + 1 if before < COUNTED else 0,
        previous=_first(around.get("series previous")),
        next=_first(around.get("series next")),
    )


def _first(links: Sequence[EntryLink] | None) -> EntryLink | None:
    return links[0] if links else None
