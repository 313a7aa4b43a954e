"""Tags, series and months, with the number of their listed entries."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Connection,
    Label,
    RowMapping,
    Select,
    Text,
    bindparam,
    extract,
    func,
    literal,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import aliased

from homeport.blog.models import LAST_IN_SERIES, Entry, EntryTag, Series, Tag, by_title
from homeport.blog.queries.cards import IN_SERIES, IS_LISTED, POSITION, card_of, cards
from homeport.blog.rows import (
    COUNTED,
    LINES_AT_MOST,
    EntryList,
    MonthCount,
    SeriesCard,
    SubjectList,
    TagCard,
)

SUBJECTS_ON_A_PAGE = 300
MOST_MONTHS = 1_200
_ZONE = bindparam("zone", type_=Text)

_SERIES_ENTRIES = (
    cards().where(IS_LISTED, IN_SERIES).order_by(POSITION, Entry.published_at, Entry.id).limit(LINES_AT_MOST + 1)
)
_last = aliased(Entry)
_SERIES_ENTRIES_AFTER = _SERIES_ENTRIES.where(
    tuple_(POSITION, Entry.published_at, Entry.id)
    > select(func.coalesce(_last.series_position, LAST_IN_SERIES), _last.published_at, _last.id)
    .where(_last.slug == bindparam("after"), _last.kind != "page", _last.deleted_at.is_(None))
    .scalar_subquery()
)

_listed_taggings = select(literal(1)).where(EntryTag.tag_id == Tag.id, EntryTag.listed_at <= func.now())
_listed_parts = select(literal(1)).where(Entry.series_id == Series.id, IS_LISTED)


def _count(listed: Select[int], of: Any, *, most: int | None = COUNTED + 1) -> Label[int]:
    """Return how many there are, up to a bound: a page costs the same however many there are."""
    some = listed.correlate(of).limit(most).subquery("some")
    return select(func.count()).select_from(some).scalar_subquery().label("count")


def _subject(kind: type[Tag] | type[Series], listed: Select[int], *, most: int | None = COUNTED + 1) -> Select[Any]:
    columns: tuple[Any, ...] = (kind.slug, kind.title, kind.description, _count(listed, kind, most=most))
    return select(*columns)


def _all(kind: type[Tag] | type[Series], listed: Select[int], *, most: int | None = COUNTED + 1) -> Select[Any]:
    """Return the statement of all that a listed entry has, by title."""
    order = (by_title(kind.title), kind.id)
    # Asked row by row, not as a join: then a page walks along the index, whatever there is besides it.
    one = listed.limit(1).correlate(kind).scalar_subquery()
    return _subject(kind, listed, most=most).where(one.is_not(None)).order_by(*order)


def _after(kind: type[Tag] | type[Series], statement: Select[Any]) -> Select[Any]:
    last = aliased(kind)
    place = select(by_title(last.title), last.id).where(last.slug == bindparam("after")).scalar_subquery()
    return statement.where(tuple_(by_title(kind.title), kind.id) > place)


FIND_TAG = _subject(Tag, _listed_taggings).where(Tag.slug == bindparam("tag"))
_SERIES = _subject(Series, _listed_parts).where(Series.slug == bindparam("series"))
_ALL_TAGS = _all(Tag, _listed_taggings, most=None)
_ALL_SERIES = _all(Series, _listed_parts, most=None)
_SOME_TAGS = _all(Tag, _listed_taggings).limit(SUBJECTS_ON_A_PAGE + 1)
_SOME_SERIES = _all(Series, _listed_parts).limit(SUBJECTS_ON_A_PAGE + 1)
_TAGS_AFTER, _SERIES_AFTER = _after(Tag, _SOME_TAGS), _after(Series, _SOME_SERIES)


def list_tags(connection: Connection) -> tuple[TagCard, ...]:
    """Return all tags that have a listed entry, by title, counted exactly: not for a page."""
    return tuple(TagCard(**row) for row in connection.execute(_ALL_TAGS).mappings())


def list_series(connection: Connection) -> tuple[SeriesCard, ...]:
    """Return all series that have a listed entry, by title, counted exactly: not for a page."""
    return tuple(SeriesCard(**row) for row in connection.execute(_ALL_SERIES).mappings())


def page_of_tags(connection: Connection, after: str = "") -> SubjectList:
    """Return a page of the tags that have a listed entry, by title: the first ones, or those after the tag `after`."""
    cards = [TagCard(**row) for row in _some(connection, _SOME_TAGS, _TAGS_AFTER, after)]
    return _page(cards, after)


def page_of_series(connection: Connection, after: str = "") -> SubjectList:
    """Return a page of the series that have a listed entry, by title, as `page_of_tags` does."""
    cards = [SeriesCard(**row) for row in _some(connection, _SOME_SERIES, _SERIES_AFTER, after)]
    return _page(cards, after)


def _some(connection: Connection, first: Select[Any], later: Select[Any], after: str) -> Iterable[RowMapping]:
    return connection.execute(later if after else first, {"after": after} if after else {}).mappings()


def _page(cards: Sequence[TagCard | SeriesCard], after: str) -> SubjectList:
    shown = tuple(cards[:SUBJECTS_ON_A_PAGE])
    return SubjectList(shown, after=shown[-1].slug if len(cards) > len(shown) else "", is_first=not after)


def find_series(connection: Connection, slug: str, after: str = "") -> tuple[SeriesCard, EntryList] | None:
    """Return a series and its listed entries in reading order, or those after the entry `after`.

    None when no listed entry is in it. The list's `before` is what the page after it begins behind.
    """
    row = connection.execute(_SERIES, {"series": slug}).mappings().one_or_none()
    if row is None or not row["count"]:
        return None
    statement, given = (_SERIES_ENTRIES_AFTER, {"after": after}) if after else (_SERIES_ENTRIES, {})
    rows = connection.execute(statement, {"series": slug, **given}).mappings().all()
    entries = tuple(card_of(entry) for entry in rows[:LINES_AT_MOST])
    more = len(rows) > LINES_AT_MOST
    return SeriesCard(**row), EntryList(entries, before=entries[-1].slug if more else "", is_first=not after)


def _months() -> Select[Any]:
    """Walk from each month to the one before it that has an entry, and count what each has, up to a bound."""
    newest = select(func.max(Entry.published_at).label("at")).where(IS_LISTED, Entry.published_at < bindparam("end"))
    month = newest.cte("month", recursive=True)
    begun = _zoned_month(month.c.at)
    earlier = select(func.max(Entry.published_at)).where(IS_LISTED, Entry.published_at < _from_zone(begun))
    months = month.union_all(select(earlier.correlate(month).scalar_subquery()).where(month.c.at >= bindparam("first")))
    begun = _zoned_month(months.c.at)
    ended = begun + text("interval '1 month'")
    within = (Entry.published_at >= _from_zone(begun), Entry.published_at < _from_zone(ended))
    some = select(literal(1)).where(IS_LISTED, *within).limit(COUNTED + 1).correlate(months).subquery("some")
    count = select(func.count()).select_from(some).scalar_subquery()
    shown = select(extract("year", begun).label("year"), extract("month", begun).label("month"), count.label("entries"))
    return shown.where(months.c.at >= bindparam("first")).limit(MOST_MONTHS)


def _zoned_month(moment: Any) -> Any:
    """Return when the month of a moment began, by the clocks of the site's time zone."""
    return func.date_trunc("month", func.timezone(_ZONE, moment))


def _from_zone(moment: Any) -> Any:
    return func.timezone(_ZONE, moment)


_MONTHS = _months()
_FIRST_YEAR, _LAST_YEAR = 1, 9999


def count_months(connection: Connection, zone: ZoneInfo, year: int | None = None) -> tuple[MonthCount, ...]:
    """Return how many listed entries each month has, of one year or of all, newest month first."""
    first, end = (_FIRST_YEAR, _LAST_YEAR) if year is None else (year, year + 1)
    given = {"first": datetime(first, 1, 1, tzinfo=zone), "end": datetime(end, 1, 1, tzinfo=zone), "zone": zone.key}
    return tuple(MonthCount(int(row.year), int(row.month), row.entries) for row in connection.execute(_MONTHS, given))
