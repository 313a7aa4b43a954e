"""Every read of entries, tags and series; constant statements that return plain rows, fully loaded."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    cast,
    extract,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from homeport.accounts.models import Author
from homeport.blog.models import Byline, Entry, EntryTag, Series, Tag
from homeport.blog.rows import (
    AuthorCard,
    EntryCard,
    EntryLink,
    EntryList,
    EntryPage,
    FeedEntry,
    ImageCard,
    ManagedEntry,
    MonthCount,
    OutlineItem,
    SeriesCard,
    SeriesPlace,
    TagCard,
    opening_of,
)
from homeport.media.models import Media

PAGE_SIZE = 30
FEED_SIZE = 20
RELATED_SIZE = 3
RELATED_CANDIDATES = 50
"""How many of a tag's newest entries are looked at for related ones, so that a huge tag costs what a small one does."""

IS_PUBLIC = and_(Entry.published_at <= func.now(), Entry.deleted_at.is_(None), Entry.path.is_not(None))
IS_LISTED = and_(Entry.state == "published", Entry.kind != "page", IS_PUBLIC)
IS_LIVE = and_(Entry.state.in_(["published", "unlisted"]), IS_PUBLIC)

_EMPTY = cast(literal("[]"), JSONB)

_TAGS = (
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

_AUTHORS = (
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

_CARD_COLUMNS = (
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
    _TAGS.label("tags"),
    Media.hash.label("cover_hash"),
    Media.name.label("cover_name"),
    Media.width.label("cover_width"),
    Media.height.label("cover_height"),
    Media.alt.label("cover_media_alt"),
)


def _cards(*also: Any) -> Select[Any]:
    return select(*_CARD_COLUMNS, *also).select_from(Entry).outerjoin(Media, Media.id == Entry.cover_media_id)


_NEWEST_FIRST = (Entry.published_at.desc(), Entry.id.desc())
_listed = _cards().where(IS_LISTED).order_by(*_NEWEST_FIRST)

_anchor = aliased(Entry)
_OLDER = tuple_(Entry.published_at, Entry.id) < (
    select(_anchor.published_at, _anchor.id)
    .where(_anchor.slug == bindparam("before"), _anchor.kind != "page", _anchor.deleted_at.is_(None))
    .scalar_subquery()
)

_HAS_TAG = Entry.id.in_(
    select(EntryTag.entry_id).join(Tag, Tag.id == EntryTag.tag_id).where(Tag.slug == bindparam("tag"))
)
_HAS_AUTHOR = Entry.id.in_(
    select(Byline.entry_id).join(Author, Author.id == Byline.author_id).where(Author.slug == bindparam("author"))
)
_IN_SERIES = Entry.series_id == select(Series.id).where(Series.slug == bindparam("series")).scalar_subquery()

_PAGE = _listed.limit(PAGE_SIZE + 1)
_HOME, _HOME_OLDER = _PAGE, _PAGE.where(_OLDER)
_TAGGED, _TAGGED_OLDER = _PAGE.where(_HAS_TAG), _PAGE.where(_HAS_TAG, _OLDER)
_WRITTEN, _WRITTEN_OLDER = _PAGE.where(_HAS_AUTHOR), _PAGE.where(_HAS_AUTHOR, _OLDER)
_MONTH = _listed.where(Entry.published_at >= bindparam("first"), Entry.published_at < bindparam("end"))
_SERIES_ENTRIES = (
    _cards()
    .where(IS_LISTED, _IN_SERIES)
    .order_by(Entry.series_position.asc().nulls_last(), Entry.published_at, Entry.id)
)

_NEWEST_HTML = select(Entry.html).where(IS_LISTED).order_by(*_NEWEST_FIRST).limit(1)

_PAGE_COLUMNS = (
    Entry.id,
    Entry.public_id,
    Entry.html,
    Entry.outline,
    Entry.canonical_url,
    Entry.state,
    Entry.series_id,
    Entry.series_position,
    _AUTHORS.label("authors"),
    Series.slug.label("series_slug"),
    Series.title.label("series_title"),
    Series.description.label("series_description"),
)

_ENTRY = (
    _cards(*_PAGE_COLUMNS)
    .outerjoin(Series, Series.id == Entry.series_id)
    .where(IS_LIVE, Entry.path.in_([bindparam("path"), bindparam("other")]))
    .order_by(case((Entry.path == bindparam("path"), 0), else_=1))
    .limit(1)
)


def find_entry_page(connection: Connection, path: str, other: str = "") -> EntryPage | None:
    """Return the live entry at `path` or at its `other` spelling, with all that its page shows; two statements."""
    row = connection.execute(_ENTRY, {"path": path, "other": other or path}).mappings().one_or_none()
    if row is None:
        return None
    around = _around(connection, row) if row["kind"] != "page" else {}
    return EntryPage(
        card=_card(row),
        public_id=str(row["public_id"]),
        html=row["html"],
        outline=tuple(OutlineItem(item["level"], item["id"], item["text"]) for item in row["outline"]),
        canonical_url=row["canonical_url"],
        is_listed=row["state"] == "published",
        authors=tuple(AuthorCard(**author) for author in row["authors"]),
        series_place=_series_place(row, around),
        previous=_first(around.get("previous")),
        next=_first(around.get("next")),
        related=tuple(around.get("related", ())),
    )


def list_home(connection: Connection, before: str = "") -> EntryList:
    """Return the newest listed entries, or those older than `before`; the first page opens with the newest's text."""
    entries = _entry_list(connection, _HOME_OLDER if before else _HOME, before)
    if before or not entries.entries:
        return entries
    html = connection.execute(_NEWEST_HTML).scalar_one_or_none() or ""
    return EntryList(entries.entries, entries.before, is_first=True, opening_html=opening_of(html))


def list_by_tag(connection: Connection, slug: str, before: str = "") -> tuple[TagCard, EntryList] | None:
    """Return a tag and its listed entries, newest first, or None when there is no such tag."""
    row = connection.execute(_TAG, {"tag": slug}).mappings().one_or_none()
    if row is None:
        return None
    return TagCard(**row), _entry_list(connection, _TAGGED_OLDER if before else _TAGGED, before, tag=slug)


def list_by_author(connection: Connection, slug: str, before: str = "") -> tuple[AuthorCard, EntryList] | None:
    """Return an author and the listed entries under their name, newest first, or None when there is no such author."""
    row = connection.execute(_AUTHOR, {"author": slug}).mappings().one_or_none()
    if row is None:
        return None
    return AuthorCard(**row), _entry_list(connection, _WRITTEN_OLDER if before else _WRITTEN, before, author=slug)


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
_TAG = select(Tag.slug, Tag.title, Tag.description, _count_of_tag).where(Tag.slug == bindparam("tag"))
_ALL_TAGS = select(Tag.slug, Tag.title, Tag.description, _count_of_tag).order_by(func.lower(Tag.title))
_SERIES = select(Series.slug, Series.title, Series.description, _count_of_series).where(
    Series.slug == bindparam("series")
)
_ALL_SERIES = select(Series.slug, Series.title, Series.description, _count_of_series).order_by(func.lower(Series.title))
_AUTHOR = select(Author.slug, Author.name, Author.bio, Author.url, Author.image_path).where(
    Author.slug == bindparam("author")
)


def list_tags(connection: Connection) -> tuple[TagCard, ...]:
    """Return all tags that have a listed entry, by title."""
    tags = (TagCard(**row) for row in connection.execute(_ALL_TAGS).mappings())
    return tuple(tag for tag in tags if tag.count)


def list_series(connection: Connection) -> tuple[SeriesCard, ...]:
    """Return all series that have a listed entry, by title."""
    series = (SeriesCard(**row) for row in connection.execute(_ALL_SERIES).mappings())
    return tuple(one for one in series if one.count)


def find_series(connection: Connection, slug: str) -> tuple[SeriesCard, tuple[EntryCard, ...]] | None:
    """Return a series and its listed entries in reading order, or None when there is no such series."""
    row = connection.execute(_SERIES, {"series": slug}).mappings().one_or_none()
    if row is None:
        return None
    rows = connection.execute(_SERIES_ENTRIES, {"series": slug}).mappings()
    return SeriesCard(**row), tuple(_card(entry) for entry in rows)


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


def list_month(connection: Connection, year: int, month: int, zone: ZoneInfo) -> tuple[EntryCard, ...]:
    """Return the listed entries of a month of the site's time zone, newest first."""
    first = datetime(year, month, 1, tzinfo=zone)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    return tuple(_card(row) for row in connection.execute(_MONTH, {"first": first, "end": end}).mappings())


_FEED = (
    _cards(Entry.public_id, Entry.feed_id, Entry.html, _AUTHORS.label("authors"), Media.content_type, Media.size_bytes)
    .where(IS_LISTED)
    .order_by(*_NEWEST_FIRST)
    .limit(FEED_SIZE)
)
_FEED_TAGGED = _FEED.where(_HAS_TAG)
_FEED_SERIES = _FEED.where(_IN_SERIES)


def list_for_feed(connection: Connection, *, tag: str = "", series: str = "") -> tuple[FeedEntry, ...]:
    """Return the newest listed entries with their full text: of a tag, of a series, or of the whole site."""
    if tag:
        rows = connection.execute(_FEED_TAGGED, {"tag": tag}).mappings()
    elif series:
        rows = connection.execute(_FEED_SERIES, {"series": series}).mappings()
    else:
        rows = connection.execute(_FEED).mappings()
    return tuple(
        FeedEntry(
            card=_card(row),
            public_id=str(row["public_id"]),
            feed_id=row["feed_id"],
            html=row["html"],
            authors=tuple(AuthorCard(**author) for author in row["authors"]),
            cover_type=row["content_type"] or "",
            cover_size_bytes=row["size_bytes"] or 0,
        )
        for row in rows
    )


_PATH_BY_ID = select(Entry.path).where(Entry.id == bindparam("id"), IS_LIVE)
_PATH_BY_SLUG = select(Entry.path).where(
    Entry.slug.in_(bindparam("slugs", expanding=True)), Entry.kind != "page", IS_LIVE
)
_TAG_SLUG = select(Tag.slug).where(Tag.id == bindparam("id"))
_SERIES_SLUG = select(Series.slug).where(Series.id == bindparam("id"))


def find_path(connection: Connection, *, entry_id: int = 0, slugs: Sequence[str] = ()) -> str | None:
    """Return where an entry lives now, known by its row or by a slug of its past, if readers may see it."""
    if slugs:
        return connection.execute(_PATH_BY_SLUG.limit(1), {"slugs": list(slugs)}).scalar_one_or_none()
    return connection.execute(_PATH_BY_ID, {"id": entry_id}).scalar_one_or_none()


def find_tag_path(connection: Connection, tag_id: int) -> str | None:
    """Return the path of a tag's page."""
    slug = connection.execute(_TAG_SLUG, {"id": tag_id}).scalar_one_or_none()
    return f"/tags/{slug}" if slug else None


def find_series_path(connection: Connection, series_id: int) -> str | None:
    """Return the path of a series' page."""
    slug = connection.execute(_SERIES_SLUG, {"id": series_id}).scalar_one_or_none()
    return f"/series/{slug}" if slug else None


_MANAGED = (
    select(
        Entry.kind,
        func.coalesce(Entry.title, "").label("title"),
        Entry.slug,
        func.coalesce(Entry.path, "").label("path"),
        case((and_(Entry.state == "published", Entry.published_at > func.now()), "scheduled"), else_=Entry.state).label(
            "state"
        ),
        Entry.published_at,
        Entry.updated_at,
        Entry.modified_at,
        Entry.word_count,
        _TAGS.label("tags"),
    )
    .where(Entry.deleted_at.is_(None))
    .order_by(Entry.published_at.desc().nulls_first(), Entry.id.desc())
)


def list_all_entries(connection: Connection) -> tuple[ManagedEntry, ...]:
    """Return every entry that is not deleted, drafts first, for those who run the site."""
    rows = connection.execute(_MANAGED).mappings()
    return tuple(ManagedEntry(**{**row, "tags": tuple(tag["slug"] for tag in row["tags"])}) for row in rows)


def _entry_list(connection: Connection, statement: Select[Any], before: str, **parameters: str) -> EntryList:
    rows = connection.execute(statement, {**parameters, **({"before": before} if before else {})}).mappings().all()
    entries = tuple(_card(row) for row in rows[:PAGE_SIZE])
    more = len(rows) > PAGE_SIZE
    return EntryList(entries, before=entries[-1].slug if more else "", is_first=not before)


def _card(row: RowMapping) -> EntryCard:
    return EntryCard(
        path=row["path"],
        slug=row["slug"],
        kind=row["kind"],
        title=row["title"],
        subtitle=row["subtitle"],
        excerpt=row["excerpt"],
        description=row["description"],
        language=row["language"],
        link_url=row["link_url"],
        published_at=row["published_at"],
        updated_at=row["updated_at"],
        word_count=row["word_count"],
        tags=tuple(TagCard(tag["slug"], tag["title"]) for tag in row["tags"]),
        cover=_cover(row),
    )


def _cover(row: RowMapping) -> ImageCard | None:
    if row["cover_hash"] is None:
        return None
    return ImageCard(
        path=f"/media/{row['cover_hash']}/{row['cover_name']}",
        width=row["cover_width"],
        height=row["cover_height"],
        alt=row["cover_alt"] or row["cover_media_alt"],
    )


_LINK_COLUMNS = (Entry.path, func.coalesce(Entry.title, Entry.excerpt).label("title"), Entry.published_at)
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
    _links("previous").where(IS_LISTED, _now < _here).order_by(*_NEWEST_FIRST).limit(1),
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
    .order_by(_shared.c.tags.desc(), *_NEWEST_FIRST)
    .limit(RELATED_SIZE),
)


def _around(connection: Connection, row: RowMapping) -> Mapping[str, list[Any]]:
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


def _series_place(row: RowMapping, around: Mapping[str, list[Any]]) -> SeriesPlace | None:
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
