"""An entry with all that its page shows, in two statements: itself, and what stands around it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from homeport.blog.models import Entry, EntryTag, Series
from homeport.blog.queries.cards import (
    AUTHORS,
    IS_LISTED,
    IS_LIVE,
    NEWEST_FIRST,
    card_of,
    cards,
)
from homeport.blog.rows import (
    AuthorCard,
    EntryCard,
    EntryLink,
    EntryPage,
    OutlineItem,
    SeriesCard,
    SeriesPlace,
)
from homeport.media.models import Media, MediaVariant
from homeport.media.variants import Variant, forms_of

RELATED_SIZE = 3
RELATED_CANDIDATES = 50
"""How many of a tag's newest entries are looked at for related ones, so that a huge tag costs what a small one does."""


_PAGE_COLUMNS = (
    Entry.id,
    Entry.public_id,
    Entry.html,
    Entry.outline,
    Entry.canonical_url,
    Entry.state,
    Entry.series_id,
    Entry.series_position,
    AUTHORS.label("authors"),
    Series.slug.label("series_slug"),
    Series.title.label("series_title"),
    Series.description.label("series_description"),
    Media.content_type.label("cover_type"),
    select(func.jsonb_agg(func.jsonb_build_array(MediaVariant.format, MediaVariant.width)))
    .where(MediaVariant.media_id == Media.id)
    .correlate(Media)
    .scalar_subquery()
    .label("cover_variants"),
)

_ENTRY = (
    cards(*_PAGE_COLUMNS)
    .outerjoin(Series, Series.id == Entry.series_id)
    .where(IS_LIVE, Entry.path.in_([bindparam("path"), bindparam("other")]))
    .order_by(case((Entry.path == bindparam("path"), 0), else_=1))
    .limit(1)
)


@cache
def _with(*extras: tuple[str, Any]) -> Select[Any]:
    """Return the statement with further columns: one object for the same ones, whose SQL is then written only once."""
    return _ENTRY.add_columns(*(column.label(name) for name, column in extras))


def find_entry_page(
    connection: Connection, path: str, other: str = "", *, extras: Mapping[str, Any] = MappingProxyType({})
) -> EntryPage | None:
    """Return the live entry at `path` or at its `other` spelling, with all that its page shows; two statements.

    `extras` are SQL expressions about the entry that are read along.
    """
    statement = _with(*extras.items())
    row = connection.execute(statement, {"path": path, "other": other or path}).mappings().one_or_none()
    if row is None:
        return None
    return EntryPage(
        card=_card_with_forms(row),
        public_id=str(row["public_id"]),
        html=row["html"],
        outline=tuple(OutlineItem(item["level"], item["id"], item["text"]) for item in row["outline"]),
        canonical_url=row["canonical_url"],
        is_listed=row["state"] == "published",
        authors=tuple(AuthorCard(**author) for author in row["authors"]),
        extras={name: row[name] for name in extras},
        **surround(connection, row),
    )


def _card_with_forms(row: RowMapping) -> EntryCard:
    """Return the entry, with the image above it in all forms that there are of it."""
    card = card_of(row)
    if card.cover is None or not row["cover_variants"]:
        return card
    made = [Variant(*variant) for variant in row["cover_variants"]]
    forms = forms_of(row["cover_hash"], row["cover_type"], made)
    return replace(card, cover=replace(card.cover, content_type=row["cover_type"], forms=forms))


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


_LINK_COLUMNS = (
    Entry.path,
    func.coalesce(Entry.title, func.left(Entry.excerpt, 80)).label("title"),
    Entry.published_at,
)
_position = func.coalesce(Entry.series_position, 0)
_in_place = tuple_(_position, Entry.published_at, Entry.id)
_here_in_place = tuple_(bindparam("position"), bindparam("at"), bindparam("id"))
_now = tuple_(Entry.published_at, Entry.id)
_here = tuple_(bindparam("at"), bindparam("id"))
_same_series = and_(IS_LISTED, Entry.series_id == bindparam("series_id"))
_backwards = (_position.desc(), Entry.published_at.desc(), Entry.id.desc())
_forwards = (_position.asc(), Entry.published_at.asc(), Entry.id.asc())


def _links(role: str, rank: Any = None) -> Select[Any]:
    return select(literal(role).label("role"), *_LINK_COLUMNS, (literal(0) if rank is None else rank).label("rank"))


_tagging = aliased(EntryTag)
_recent = (
    select(_tagging.entry_id)
    .where(_tagging.tag_id == EntryTag.tag_id, _tagging.entry_id != bindparam("id"))
    .order_by(_tagging.entry_id.desc())
    .limit(RELATED_CANDIDATES)
    .correlate(EntryTag)
    .lateral("recent")
)
_shared = (
    select(_recent.c.entry_id, func.count().label("tags"))
    .select_from(EntryTag)
    .join(_recent, literal(value=True))
    .where(EntryTag.entry_id == bindparam("id"))
    .group_by(_recent.c.entry_id)
    .subquery("shared")
)

_AROUND = union_all(
    _links("previous").where(IS_LISTED, _now < _here).order_by(*NEWEST_FIRST).limit(1),
    _links("next").where(IS_LISTED, _now > _here).order_by(Entry.published_at, Entry.id).limit(1),
    _links("series previous").where(_same_series, _in_place < _here_in_place).order_by(*_backwards).limit(1),
    _links("series next").where(_same_series, _in_place > _here_in_place).order_by(*_forwards).limit(1),
    select(
        literal("series place"),
        literal(""),
        literal(""),
        func.now(),
        select(func.count()).select_from(Entry).where(_same_series, _in_place < _here_in_place).scalar_subquery(),
    ).where(bindparam("series_id") > 0),
    select(
        literal("series size"),
        literal(""),
        literal(""),
        func.now(),
        select(func.count()).select_from(Entry).where(_same_series).scalar_subquery(),
    ).where(bindparam("series_id") > 0),
    _links("related", _shared.c.tags)
    .join(_shared, _shared.c.entry_id == Entry.id)
    .where(IS_LISTED)
    .order_by(_shared.c.tags.desc(), *NEWEST_FIRST)
    .limit(RELATED_SIZE),
)


def _around(connection: Connection, row: Mapping[Any, Any]) -> Mapping[str, list[Any]]:
    parameters = {
        "id": row["id"],
        "at": row["published_at"],
        "position": row["series_position"] or 0,
        "series_id": row["series_id"] or 0,
    }
    found: dict[str, list[Any]] = {}
    for role, path, title, published_at, rank in connection.execute(_AROUND, parameters):
        value = rank if role in ("series place", "series size") else EntryLink(path, title, published_at)
        found.setdefault(role, []).append(value)
    return found


def _series_place(row: Mapping[Any, Any], around: Mapping[str, list[Any]]) -> SeriesPlace | None:
    if row["series_slug"] is None or "series size" not in around:
        return None
    size = around["series size"][0]
    return SeriesPlace(
        series=SeriesCard(row["series_slug"], row["series_title"], row["series_description"], size),
        position=around["series place"][0] + 1,
        previous=_first(around.get("series previous")),
        next=_first(around.get("series next")),
    )


def _first(links: Sequence[EntryLink] | None) -> EntryLink | None:
    return links[0] if links else None
