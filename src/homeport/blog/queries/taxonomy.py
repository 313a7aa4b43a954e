"""Tags, series and months, with the number of their listed entries."""

from zoneinfo import ZoneInfo

from sqlalchemy import (
    Connection,
    bindparam,
    extract,
    func,
    literal,
    select,
)

from homeport.blog.models import Entry, EntryTag, Series, Tag
from homeport.blog.queries.cards import IN_SERIES, IS_LISTED, card_of, cards
from homeport.blog.rows import (
    EntryCard,
    MonthCount,
    SeriesCard,
    TagCard,
)

_SERIES_ENTRIES = (
    cards().where(IS_LISTED, IN_SERIES).order_by(Entry.series_position.asc().nulls_last(), Entry.published_at, Entry.id)
)


_count_of_tag = (
    select(func.count())
    .select_from(EntryTag)
    .join(Entry, Entry.id == EntryTag.entry_id)
    .where(EntryTag.tag_id == Tag.id, IS_LISTED)
    .correlate(Tag)
    .scalar_subquery()
    .label("count")
)
_count_of_series = (
    select(func.count())
    .select_from(Entry)
    .where(Entry.series_id == Series.id, IS_LISTED)
    .correlate(Series)
    .scalar_subquery()
    .label("count")
)
FIND_TAG = select(Tag.slug, Tag.title, Tag.description, _count_of_tag).where(Tag.slug == bindparam("tag"))
_ALL_TAGS = select(Tag.slug, Tag.title, Tag.description, _count_of_tag).order_by(func.lower(Tag.title))
_SERIES = select(Series.slug, Series.title, Series.description, _count_of_series).where(
    Series.slug == bindparam("series")
)
_ALL_SERIES = select(Series.slug, Series.title, Series.description, _count_of_series).order_by(func.lower(Series.title))


def list_tags(connection: Connection) -> tuple[TagCard, ...]:
    """Return all tags that have a listed entry, by title."""
    tags = (TagCard(**row) for row in connection.execute(_ALL_TAGS).mappings())
    return tuple(tag for tag in tags if tag.count)


def list_series(connection: Connection) -> tuple[SeriesCard, ...]:
    """Return all series that have a listed entry, by title."""
    series = (SeriesCard(**row) for row in connection.execute(_ALL_SERIES).mappings())
    return tuple(one for one in series if one.count)


def find_series(connection: Connection, slug: str) -> tuple[SeriesCard, tuple[EntryCard, ...]] | None:
    """Return a series and its listed entries in reading order, or None when no listed entry is in it."""
    row = connection.execute(_SERIES, {"series": slug}).mappings().one_or_none()
    if row is None or not row["count"]:
        return None
    rows = connection.execute(_SERIES_ENTRIES, {"series": slug}).mappings()
    return SeriesCard(**row), tuple(card_of(entry) for entry in rows)


_zoned = func.timezone(bindparam("zone"), Entry.published_at)
_MONTHS = (
    select(
        extract("year", _zoned).label("year"), extract("month", _zoned).label("month"), func.count().label("entries")
    )
    .where(IS_LISTED)
    .group_by("year", "month")
    .order_by(literal(1).desc())
)


def count_months(connection: Connection, zone: ZoneInfo) -> tuple[MonthCount, ...]:
    """Return how many listed entries each month has, newest month first."""
    rows = connection.execute(_MONTHS, {"zone": zone.key})
    months = (MonthCount(int(row.year), int(row.month), row.entries) for row in rows)
    return tuple(sorted(months, key=lambda month: (month.year, month.month), reverse=True))
