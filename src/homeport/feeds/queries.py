"""Every read of feeds and the sitemap."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Executable,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)

from homeport.accounts.models import Author
from homeport.blog.models import Byline, Entry, EntryTag, Series, Tag
from homeport.blog.queries import IS_LISTED, IS_PUBLIC, list_for_feed
from homeport.blog.rows import AuthorCard, FeedEntry
from homeport.feeds.rows import Enclosure, Feed, FeedItem
from homeport.feeds.sitemap import MOST_LOCATIONS, Location, Part
from homeport.site.rows import SiteCard
from homeport.text.feed import for_feed

ENTRIES_A_BATCH = 5_000
MOST_LOCATIONS_EVER = 2**62

_TAG = select(Tag.title, Tag.description).where(Tag.slug == bindparam("slug"))
_SERIES = select(Series.title, Series.description).where(Series.slug == bindparam("slug"))


def find_site_feed(connection: Connection, site: SiteCard) -> Feed:
    """Return the feed of the whole site; one statement."""
    return _feed(site, "/", site.title, site.tagline, list_for_feed(connection))


def find_tag_feed(connection: Connection, site: SiteCard, slug: str) -> Feed | None:
    """Return the feed of a tag, or None when no listed entry carries it; two statements."""
    tag = connection.execute(_TAG, {"slug": slug}).one_or_none()
    if tag is None:
        return None
    entries = list_for_feed(connection, tag=slug)
    if not entries:
        return None
    return _feed(site, f"/tags/{slug}", f"{site.title}: {tag.title}", tag.description, entries)


def find_series_feed(connection: Connection, site: SiteCard, slug: str) -> Feed | None:
    """Return the feed of a series, or None when no listed entry is in it; two statements."""
    series = connection.execute(_SERIES, {"slug": slug}).one_or_none()
    if series is None:
        return None
    entries = list_for_feed(connection, series=slug)
    if not entries:
        return None
    return _feed(site, f"/series/{slug}", f"{site.title}: {series.title}", series.description, entries)


_CHANGED_AT = func.greatest(Entry.published_at, Entry.updated_at)
_LAST_CHANGE = func.max(_CHANGED_AT)

# An entry whose true address is elsewhere has no place here; one that names its own address as the true one has.
_IN_SITEMAP = and_(
    Entry.state == "published",
    IS_PUBLIC,
    or_(Entry.canonical_url == "", Entry.canonical_url == bindparam("address", type_=Text) + Entry.path),
)
_LISTED = select(func.count().label("count"), _LAST_CHANGE.label("changed_at")).where(IS_LISTED).cte("listed")


def _list_page(path: str) -> Select[Any]:
    return select(literal(path).label("path"), _LISTED.c.changed_at)


_LIST_PAGES = union_all(
    _list_page("/"),
    _list_page("/archive").where(_LISTED.c.count > 0),
    _list_page("/tags").where(
        select(EntryTag.entry_id).join(Entry, Entry.id == EntryTag.entry_id).where(IS_LISTED).exists()
    ),
    _list_page("/series").where(select(Entry.id).where(IS_LISTED, Entry.series_id.is_not(None)).exists()),
    select("/tags/" + Tag.slug, _LAST_CHANGE)
    .join(EntryTag, EntryTag.tag_id == Tag.id)
    .join(Entry, Entry.id == EntryTag.entry_id)
    .where(IS_LISTED)
    .group_by(Tag.slug),
    select("/series/" + Series.slug, _LAST_CHANGE)
    .join(Entry, Entry.series_id == Series.id)
    .where(IS_LISTED)
    .group_by(Series.slug),
    select("/authors/" + Author.slug, _LAST_CHANGE)
    .join(Byline, Byline.author_id == Author.id)
    .join(Entry, Entry.id == Byline.entry_id)
    .where(IS_LISTED)
    .group_by(Author.slug),
).cte("list_pages")

# Parts are ranges of entry numbers, not of positions in a list: an entry stays in its part for ever, so that old parts
# never change, and any part is found by its number without counting through those before it.
_PART = (Entry.id - 1) // MOST_LOCATIONS + 1
_PARTS = union_all(
    select(
        literal(0).label("number"),
        func.least(func.count(), MOST_LOCATIONS).label("count"),
        func.max(_LIST_PAGES.c.changed_at).label("changed_at"),
    ),
    select(_PART.label("number"), func.count(), _LAST_CHANGE).where(_IN_SITEMAP).group_by("number"),
).order_by("number")

_ENTRIES = (
    select(Entry.id, Entry.path, _CHANGED_AT.label("changed_at"))
    .where(_IN_SITEMAP, Entry.id > bindparam("after"), Entry.id <= bindparam("last"))
    .order_by(Entry.id)
    .limit(bindparam("batch"))
)
_LISTS = select(
    literal(0, BigInteger).label("id"),
    _LIST_PAGES.c.path,
    _LIST_PAGES.c.changed_at,
).limit(MOST_LOCATIONS)
_EVERYTHING = union_all(select(_LISTS.subquery()), select(_ENTRIES.subquery())).order_by("id")


def list_sitemap_parts(connection: Connection, site: SiteCard) -> tuple[Part, ...]:
    """Return how many locations each part of the sitemap would have: the lists first, then entries by number."""
    rows = connection.execute(_PARTS, {"address": site.address})
    return tuple(Part(*row) for row in rows)


def walk_sitemap(connection: Connection, site: SiteCard, *, batch: int = ENTRIES_A_BATCH) -> Iterator[Location]:
    """Yield every location of the site; one statement for each batch."""
    return _walk(connection, _EVERYTHING, address=site.address, after=0, last=MOST_LOCATIONS_EVER, batch=batch)


def walk_sitemap_part(
    connection: Connection, site: SiteCard, *, number: int, batch: int = ENTRIES_A_BATCH
) -> Iterator[Location]:
    """Yield the locations of one part; nothing when there is no such part."""
    if number == 0:
        return _walk(connection, _LISTS, address=site.address, after=0, last=0, batch=batch)
    after, last = (number - 1) * MOST_LOCATIONS, number * MOST_LOCATIONS
    return _walk(connection, _ENTRIES, address=site.address, after=after, last=last, batch=batch)


def _walk(connection: Connection, statement: Executable, *, after: int, **parameters: Any) -> Iterator[Location]:
    while True:
        rows = connection.execute(statement, {**parameters, "after": after}).all()
        yield from (Location(row.path, row.changed_at) for row in rows)
        if sum(row.id > 0 for row in rows) < parameters["batch"]:
            return
        statement, after = _ENTRIES, rows[-1].id


def _feed(site: SiteCard, path: str, title: str, subtitle: str, entries: tuple[FeedEntry, ...]) -> Feed:
    return Feed(
        title=title,
        subtitle=subtitle,
        path=path,
        address=site.address,
        language=site.language,
        author=AuthorCard(
            slug="",
            name=site.author_name or site.title,
            url=site.author_url or "/",
            image_path=site.author_image_path,
        ),
        icon_path=site.icon_path,
        items=tuple(_item(site, entry) for entry in entries),
    )


def _item(site: SiteCard, entry: FeedEntry) -> FeedItem:
    card = entry.card
    return FeedItem(
        path=card.path,
        public_id=entry.public_id,
        feed_id=entry.feed_id or "",
        title=site.typeset(card.title) if card.title else card.title,
        summary=card.description or card.excerpt,
        html=for_feed(entry.html, site.absolute(card.path)),
        language=card.language,
        link_url=card.link_url,
        published_at=card.published_at,
        updated_at=card.updated_at,
        authors=entry.authors,
        tags=card.tags,
        cover=_cover(entry),
    )


def _cover(entry: FeedEntry) -> Enclosure | None:
    cover = entry.card.cover
    if cover is None:
        return None
    return Enclosure(path=cover.path, content_type=entry.cover_type, size_bytes=entry.cover_size_bytes, alt=cover.alt)
