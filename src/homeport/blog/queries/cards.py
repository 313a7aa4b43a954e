"""What a list shows of an entry, and which entries a list may show: the parts that all reads are made of."""

import json
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Label,
    RowMapping,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, aliased

from homeport.accounts.models import Author
from homeport.blog.models import LAST_IN_SERIES, Byline, Entry, EntryTag, Series, Tag
from homeport.blog.rows import (
    EntryCard,
    ImageCard,
    TagCard,
)
from homeport.media.models import Media

MOST_ROWS = 512
LONGEST_ROW = 4096
"""How many rows are remembered, and how many characters the longest of them has: some 2 MB at most."""

IS_PUBLIC = and_(Entry.published_at <= func.now(), Entry.deleted_at.is_(None), Entry.path.is_not(None))
IS_LISTED = and_(Entry.state == "published", Entry.kind != "page", IS_PUBLIC)
IS_LIVE = and_(or_(Entry.state == "published", Entry.state == "unlisted"), IS_PUBLIC)

_EMPTY = cast(literal("[]"), JSONB)

TAGS = (
    select(
        func.coalesce(
            func.jsonb_agg(
                aggregate_order_by(func.jsonb_build_object("slug", Tag.slug, "title", Tag.title), EntryTag.position)
            ),
            _EMPTY,
        )
    )
    .where(EntryTag.entry_id == Entry.id, EntryTag.tag_id == Tag.id)
    .correlate(Entry)
    .scalar_subquery()
)

AUTHORS = (
    select(
        func.coalesce(
            func.jsonb_agg(
                aggregate_order_by(
                    func.jsonb_build_object(
                        "slug", Author.slug, "name", Author.name, "bio", Author.bio, "url", Author.url,
                        "image_path", Author.image_path,
                    ),
                    Byline.position,
                )
            ),
            _EMPTY,
        )
    )
    .where(Byline.entry_id == Entry.id, Byline.author_id == Author.id)
    .correlate(Entry)
    .scalar_subquery()
)  # fmt: skip

_CARD_COLUMNS: tuple[Label[Any] | InstrumentedAttribute[Any], ...] = (
    Entry.path,
    Entry.slug,
    Entry.kind,
    func.coalesce(Entry.title, "").label("title"),
    Entry.subtitle,
    Entry.excerpt,
    Entry.description,
    Entry.language,
    Entry.link_url,
    Entry.published_at,
    Entry.updated_at,
    Entry.word_count,
    Entry.cover_alt,
    cast(TAGS, Text).label("tags"),
    Media.hash.label("cover_hash"),
    Media.name.label("cover_name"),
    Media.width.label("cover_width"),
    Media.height.label("cover_height"),
    Media.alt.label("cover_media_alt"),
)


def cards(*also: Any) -> Select[Any]:
    """Return the statement of a list of entries, with further columns if wanted."""
    return select(*_CARD_COLUMNS, *also).select_from(Entry).outerjoin(Media, Media.id == Entry.cover_media_id)


NEWEST_FIRST = (Entry.published_at.desc(), Entry.id.desc())

POSITION = func.coalesce(Entry.series_position, LAST_IN_SERIES)
IN_SERIES = Entry.series_id == select(Series.id).where(Series.slug == bindparam("series")).scalar_subquery()

_anchor, _tagging, _byline = aliased(Entry), aliased(EntryTag), aliased(Byline)
_ANCHOR = (
    select(_anchor.published_at, _anchor.id)
    .where(
        _anchor.slug == bindparam("before"),
        _anchor.kind != "page",
        _anchor.state == "published",
        _anchor.published_at <= func.now(),
        _anchor.deleted_at.is_(None),
    )
    .scalar_subquery()
)


def older(statement: Select[Any], moment: Any = Entry.published_at, number: Any = Entry.id) -> Select[Any]:
    """Narrow a list of entries to those older than the listed one with the slug `before`."""
    return statement.where(tuple_(moment, number) < _ANCHOR)


def tagged(statement: Select[Any], *, is_older: bool = False) -> Select[Any]:
    """Narrow entries to the listed ones of the parameter `tag`, newest first: in the order of an index."""
    tag = select(Tag.id).where(Tag.slug == bindparam("tag")).scalar_subquery()
    return _listed_by(_tagging, statement.where(_tagging.tag_id == tag), is_older=is_older)


def signed(statement: Select[Any], *, is_older: bool = False) -> Select[Any]:
    """Narrow entries to the listed ones of the parameter `author`, newest first: in the order of an index."""
    author = select(Author.id).where(Author.slug == bindparam("author")).scalar_subquery()
    return _listed_by(_byline, statement.where(_byline.author_id == author), is_older=is_older)


def _listed_by(by: Any, statement: Select[Any], *, is_older: bool) -> Select[Any]:
    found = statement.join(by, by.entry_id == Entry.id).where(by.listed_at <= func.now())
    ordered = found.order_by(by.listed_at.desc(), by.entry_id.desc())
    return older(ordered, by.listed_at, by.entry_id) if is_older else ordered


def card_of(row: RowMapping) -> EntryCard:
    """Return the entry in a row of `cards`: the same object as the last time, while nothing about it has changed."""
    is_short = sum(map(len, _texts_of(row))) <= LONGEST_ROW
    return _card_of(*_values_of(row)) if is_short else _card_of.__wrapped__(*_values_of(row))


_values_of = itemgetter(*(column.key for column in _CARD_COLUMNS))
_texts_of = itemgetter("title", "subtitle", "excerpt", "description", "tags")


@lru_cache(MOST_ROWS)
def _card_of(  # noqa: PLR0913, PLR0917 - the columns of a row, in their order
    path: str,
    slug: str,
    kind: str,
    title: str,
    subtitle: str,
    excerpt: str,
    description: str,
    language: str,
    link_url: str,
    published_at: datetime,
    updated_at: datetime | None,
    word_count: int,
    cover_alt: str,
    tags: str,
    cover_hash: str | None,
    cover_name: str,
    cover_width: int,
    cover_height: int,
    cover_media_alt: str,
) -> EntryCard:
    cover = f"/media/{cover_hash}/{cover_name}", cover_width, cover_height, cover_alt or cover_media_alt
    return EntryCard(
        path=path,
        slug=slug,
        kind=kind,
        title=title,
        subtitle=subtitle,
        excerpt=excerpt,
        description=description,
        language=language,
        link_url=link_url,
        published_at=published_at,
        updated_at=updated_at,
        word_count=word_count,
        tags=tuple(TagCard(tag["slug"], tag["title"]) for tag in json.loads(tags)),
        cover=None if cover_hash is None else ImageCard(*cover),
    )
