"""An entry with all that its page shows, in two statements: itself, and what stands around it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, case, func, select

from homeport.blog.models import Entry, Series
from homeport.blog.queries.around import surround
from homeport.blog.queries.cards import AUTHORS, IS_LIVE, card_of, cards
from homeport.blog.rows import AuthorCard, EntryCard, EntryPage, OutlineItem
from homeport.db.prepared import PreparedStatement
from homeport.media.models import Media, MediaVariant
from homeport.media.variants import Variant, forms_of

Extras = Mapping[str, Callable[[], Any]]
_NO_EXTRAS: Extras = MappingProxyType({})


@cache
def _with(*extras: tuple[str, Callable[[], Any]]) -> PreparedStatement:
    """Return the statement with further columns: one object for the same ones, whose SQL is then written only once."""
    path: BindParameter[str] = bindparam("path")
    name = "_".join(("entry_page", *(name for name, _ in extras)))
    return PreparedStatement(
        name,
        cards(*_page_columns(), *(column().label(name) for name, column in extras))
        .outerjoin(Series, Series.id == Entry.series_id)
        .where(IS_LIVE, Entry.path.in_([path, bindparam("other")]))
        .order_by(case((Entry.path == path, 0), else_=1))
        .limit(1),
    )


def _page_columns() -> Iterable[Any]:
    return (
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


def find_entry_page(
    connection: Connection, path: str, other: str = "", *, extras: Extras = _NO_EXTRAS
) -> EntryPage | None:
    """Return the live entry at `path` or at its `other` spelling, with all that its page shows; two statements.

    `extras` return SQL expressions about the entry that are read along.
    """
    statement = _with(*extras.items())
    row = statement.execute(connection, {"path": path, "other": other or path}).mappings().one_or_none()
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
        id=row["id"],
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
