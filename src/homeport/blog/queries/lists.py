"""Pages of entries, newest first: home, a tag, an author, the archive; older pages by keyset, never by OFFSET."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Connection,
    DateTime,
    bindparam,
    select,
)

from homeport.accounts.models import Author
from homeport.blog.models import Entry
from homeport.blog.queries.cards import IS_LISTED, NEWEST_FIRST, card_of, cards, older, signed, tagged
from homeport.blog.queries.taxonomy import FIND_TAG
from homeport.blog.rows import (
    LINES_AT_MOST,
    AuthorCard,
    EntryCard,
    EntryList,
    TagCard,
    opening_of,
)
from homeport.db.prepared import PreparedStatement

PAGE_SIZE = 30

_listed = cards().where(IS_LISTED).order_by(*NEWEST_FIRST)

_PAGE = _listed.limit(PAGE_SIZE + 1)
_ANY = cards().limit(PAGE_SIZE + 1)
_HOME, _HOME_OLDER = PreparedStatement("home", _PAGE), PreparedStatement("home_older", older(_PAGE))
_TAGGED = PreparedStatement("tagged", tagged(_ANY))
_TAGGED_OLDER = PreparedStatement("tagged_older", tagged(_ANY, is_older=True))
_WRITTEN = PreparedStatement("written", signed(_ANY))
_WRITTEN_OLDER = PreparedStatement("written_older", signed(_ANY, is_older=True))
_SOME = _listed.limit(LINES_AT_MOST + 1)
_WITHIN = _SOME.where(
    Entry.published_at >= bindparam("first", type_=DateTime(timezone=True)),
    Entry.published_at < bindparam("end", type_=DateTime(timezone=True)),
)
_BETWEEN, _BETWEEN_OLDER = PreparedStatement("between", _WITHIN), PreparedStatement("between_older", older(_WITHIN))
_ALL = PreparedStatement("listed", _SOME)

_NEWEST_HTML = PreparedStatement("newest_html", select(Entry.html).where(IS_LISTED).order_by(*NEWEST_FIRST).limit(1))


def list_home(connection: Connection, before: str = "") -> EntryList:
    """Return the newest listed entries, or those older than `before`; the first page opens with the newest's text."""
    entries = _entry_list(connection, _HOME_OLDER if before else _HOME, before)
    if before or not entries.entries:
        return entries
    html = _NEWEST_HTML.execute(connection).scalar_one_or_none() or ""
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


def list_month(connection: Connection, year: int, month: int, zone: ZoneInfo, before: str = "") -> EntryList:
    """Return the listed entries of a month of the site's time zone, newest first, or those older than `before`."""
    first = datetime(year, month, 1, tzinfo=zone)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    statement = _BETWEEN_OLDER if before else _BETWEEN
    return _entry_list(connection, statement, before, size=LINES_AT_MOST, first=first, end=end)


def list_year(connection: Connection, year: int, zone: ZoneInfo) -> tuple[EntryCard, ...]:
    """Return the listed entries of a year of the site's time zone, newest first; none if a page has no room for all."""
    first, end = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    return _fitting(connection, _BETWEEN, first=first, end=end)


def list_listed(connection: Connection) -> tuple[EntryCard, ...]:
    """Return every listed entry, newest first; none if a page has no room for all."""
    return _fitting(connection, _ALL)


def _fitting(connection: Connection, statement: PreparedStatement, **parameters: datetime) -> tuple[EntryCard, ...]:
    rows = statement.execute(connection, parameters).mappings().all()
    return tuple(card_of(row) for row in rows) if len(rows) <= LINES_AT_MOST else ()


def _entry_list(
    connection: Connection, statement: PreparedStatement, before: str, *, size: int = PAGE_SIZE, **parameters: Any
) -> EntryList:
    given = {**parameters, "before": before} if before else parameters
    rows = statement.execute(connection, given).mappings().all()
    entries = tuple(card_of(row) for row in rows[:size])
    more = len(rows) > size
    return EntryList(entries, before=entries[-1].slug if more else "", is_first=not before)
