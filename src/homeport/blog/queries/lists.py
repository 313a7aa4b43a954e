"""Pages of entries, newest first: home, a tag, an author, the archive; older pages by keyset, never by OFFSET."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    func,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from homeport.accounts.models import Author
from homeport.blog.models import Entry
from homeport.blog.queries.cards import HAS_AUTHOR, HAS_TAG, IS_LISTED, NEWEST_FIRST, card_of, cards
from homeport.blog.queries.taxonomy import FIND_TAG
from homeport.blog.rows import (
    AuthorCard,
    EntryCard,
    EntryList,
    TagCard,
    opening_of,
)

PAGE_SIZE = 30

_listed = cards().where(IS_LISTED).order_by(*NEWEST_FIRST)

_anchor = aliased(Entry)
_OLDER = tuple_(Entry.published_at, Entry.id) < (
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


_PAGE = _listed.limit(PAGE_SIZE + 1)
_HOME, _HOME_OLDER = _PAGE, _PAGE.where(_OLDER)
_TAGGED, _TAGGED_OLDER = _PAGE.where(HAS_TAG), _PAGE.where(HAS_TAG, _OLDER)
_WRITTEN, _WRITTEN_OLDER = _PAGE.where(HAS_AUTHOR), _PAGE.where(HAS_AUTHOR, _OLDER)
_BETWEEN = _listed.where(Entry.published_at >= bindparam("first"), Entry.published_at < bindparam("end"))

_NEWEST_HTML = select(Entry.html).where(IS_LISTED).order_by(*NEWEST_FIRST).limit(1)


def list_home(connection: Connection, before: str = "") -> EntryList:
    """Return the newest listed entries, or those older than `before`; the first page opens with the newest's text."""
    entries = _entry_list(connection, _HOME_OLDER if before else _HOME, before)
    if before or not entries.entries:
        return entries
    html = connection.execute(_NEWEST_HTML).scalar_one_or_none() or ""
    return EntryList(entries.entries, entries.before, is_first=True, opening_html=opening_of(html))


def list_by_tag(connection: Connection, slug: str, before: str = "") -> tuple[TagCard, EntryList] | None:
    """Return a tag and its listed entries, newest first, or None when no listed entry carries it."""
    row = connection.execute(FIND_TAG, {"tag": slug}).mappings().one_or_none()
    if row is None or not row["count"]:
        return None
    return TagCard(**row), _entry_list(connection, _TAGGED_OLDER if before else _TAGGED, before, tag=slug)


def list_by_author(connection: Connection, slug: str, before: str = "") -> tuple[AuthorCard, EntryList] | None:
    """Return an author and their listed entries, newest first, or None when no listed entry bears it."""
    row = connection.execute(_AUTHOR, {"author": slug}).mappings().one_or_none()
    if row is None:
        return None
    entries = _entry_list(connection, _WRITTEN_OLDER if before else _WRITTEN, before, author=slug)
    return (AuthorCard(**row), entries) if entries.entries or before else None


_AUTHOR = select(Author.slug, Author.name, Author.bio, Author.url, Author.image_path).where(
    Author.slug == bindparam("author")
)


def list_month(connection: Connection, year: int, month: int, zone: ZoneInfo) -> tuple[EntryCard, ...]:
    """Return the listed entries of a month of the site's time zone, newest first."""
    first = datetime(year, month, 1, tzinfo=zone)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    return _cards(connection, _BETWEEN, first=first, end=end)


def list_year(connection: Connection, year: int, zone: ZoneInfo) -> tuple[EntryCard, ...]:
    """Return the listed entries of a year of the site's time zone, newest first."""
    first, end = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    return _cards(connection, _BETWEEN, first=first, end=end)


def list_listed(connection: Connection) -> tuple[EntryCard, ...]:
    """Return every listed entry, newest first; who asks knows that they are few."""
    return _cards(connection, _listed)


def _cards(connection: Connection, statement: Select[Any], **parameters: datetime) -> tuple[EntryCard, ...]:
    return tuple(card_of(row) for row in connection.execute(statement, parameters).mappings())


def _entry_list(connection: Connection, statement: Select[Any], before: str, **parameters: str) -> EntryList:
    rows = connection.execute(statement, {**parameters, **({"before": before} if before else {})}).mappings().all()
    entries = tuple(card_of(row) for row in rows[:PAGE_SIZE])
    more = len(rows) > PAGE_SIZE
    return EntryList(entries, before=entries[-1].slug if more else "", is_first=not before)
