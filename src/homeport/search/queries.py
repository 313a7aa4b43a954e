"""One question over everything that is written here."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import BigInteger, Connection, Select, Text, bindparam, func, literal, or_, select, union

from homeport.accounts.models import Account, Author
from homeport.blog.models import Byline, Entry, Series, Tag
from homeport.comments.models import Response
from homeport.media.models import Media
from homeport.search.index import as_query
from homeport.search.models import SearchDocument
from homeport.site.models import Redirect

MOST_ENTRIES = 20
MOST_RANKED = 300
MOST_OTHERS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was asked for, and where in the studio it is."""

    kind: str
    title: str
    about: str
    path: str


_QUERY = func.to_tsquery("simple", bindparam("query"))
_LIKE = bindparam("like", type_=Text)
_BEGINS = Entry.title.ilike(bindparam("begins", type_=Text))
_TITLE = func.coalesce(func.nullif(Entry.title, ""), func.nullif(func.left(Entry.excerpt, 80), ""), "Untitled")
_AUTHOR = bindparam("author_id", type_=BigInteger)


def _matching(*, is_own: bool) -> Select[int]:
    """Return which entries are worth ranking: the newest that have the words, and those with the words in the title.

    Each list is bounded, because ranking reads every word of an entry; and apart, so that each can use its index.
    """
    worded = select(SearchDocument.entry_id.label("id")).where(SearchDocument.words.op("@@")(_QUERY))
    titled = select(Entry.id).where(Entry.deleted_at.is_(None), Entry.title.ilike(_LIKE))
    if is_own:
        own = select(Byline.entry_id).where(Byline.author_id == _AUTHOR)
        worded, titled = worded.where(SearchDocument.entry_id.in_(own)), titled.where(Entry.id.in_(own))
    newest = worded.order_by(SearchDocument.entry_id.desc()).limit(MOST_RANKED)
    named = titled.order_by(_BEGINS.desc(), Entry.modified_at.desc()).limit(MOST_ENTRIES)
    return select(union(newest, named).subquery().c.id)


def _entries_matching(*, is_own: bool) -> Select[UUID, str, str, str]:
    rank = func.coalesce(func.ts_rank(SearchDocument.words, _QUERY), 1.0)
    return (
        select(Entry.public_id, _TITLE.label("title"), Entry.state, func.left(Entry.excerpt, 160).label("excerpt"))
        .outerjoin(SearchDocument, SearchDocument.entry_id == Entry.id)
        .where(Entry.deleted_at.is_(None), Entry.id.in_(_matching(is_own=is_own)))
        .order_by(_BEGINS.desc().nulls_last(), rank.desc(), Entry.modified_at.desc())
        .limit(MOST_ENTRIES)
    )


_ENTRIES, _OWN_ENTRIES = _entries_matching(is_own=False), _entries_matching(is_own=True)
_MEDIA = (
    select(Media.id, Media.name, Media.alt)
    .where(or_(Media.name.ilike(_LIKE), Media.alt.ilike(_LIKE)))
    .order_by(Media.id.desc())
    .limit(MOST_OTHERS)
)
_TAGS = select(Tag.slug, Tag.title).where(Tag.title.ilike(_LIKE)).order_by(Tag.title).limit(MOST_OTHERS)
_SERIES = select(Series.slug, Series.title).where(Series.title.ilike(_LIKE)).order_by(Series.title).limit(MOST_OTHERS)
_REDIRECTS = select(Redirect.path).where(Redirect.path.ilike(_LIKE)).order_by(Redirect.path).limit(MOST_OTHERS)
_PEOPLE = (
    select(Account.name, Author.name.label("display_name"), Account.role)
    .join(Author, Author.id == Account.author_id)
    .where(or_(Account.name.ilike(_LIKE), Author.name.ilike(_LIKE)))
    .order_by(Account.name)
    .limit(MOST_OTHERS)
)
_COMMENTS: Select[UUID, str, str] = (
    select(Response.public_id, Response.writer_name, func.left(Response.text, 120).label("text"))
    .where(Response.state != literal("deleted"), or_(Response.writer_name.ilike(_LIKE), Response.text.ilike(_LIKE)))
    .order_by(Response.id.desc())
    .limit(MOST_OTHERS)
)


def find_everything(
    connection: Connection, asked: str, *, author_id: int | None = None, with_people: bool = False
) -> tuple[Found, ...]:
    """Return what matches, entries first, the best of them on top; of an author's own only, if one is given."""
    # What PostgreSQL's text cannot hold is in no text here.
    asked = asked.encode(errors="ignore").decode().replace("\x00", "").strip()[:200]
    query = as_query(asked)
    if not query:
        return ()
    given = {"query": query, "like": f"%{_escaped(asked)}%", "begins": f"{_escaped(asked)}%"}
    found = list(_entries(connection, given, author_id))
    found += [
        Found("media", row.name, row.alt, f"/studio/media?q={quote(row.name)}#file-{row.id}")
        for row in connection.execute(_MEDIA, given)
    ]
    if author_id is None:
        found += _for_editors(connection, given)
    if with_people:
        found += [
            Found("person", row.display_name, f"{row.name}, {row.role}", "/studio/people")
            for row in connection.execute(_PEOPLE, given)
        ]
    return tuple(found)


def best_first(asked: str, *found: Found) -> tuple[Found, ...]:
    """Return what begins with what was asked before what has it elsewhere in its name, and both before the rest."""
    wanted = " ".join(asked.casefold().split())

    def distance(each: Found) -> int:
        title = each.title.casefold()
        return 0 if title.startswith(wanted) else 1 if f" {wanted}" in title else 2 if wanted in title else 3

    return tuple(sorted(found, key=distance))


def _for_editors(connection: Connection, given: dict[str, str]) -> Iterator[Found]:
    for tag in connection.execute(_TAGS, given):
        yield Found("tag", tag.title, "", f"/studio/tags/{tag.slug}")
    for series in connection.execute(_SERIES, given):
        yield Found("series", series.title, "", f"/studio/series/{series.slug}")
    for comment in connection.execute(_COMMENTS, given):
        yield Found("comment", comment.writer_name, comment.text, f"/studio/comments/{comment.public_id}")
    for path in connection.scalars(_REDIRECTS, given):
        yield Found("redirect", path, "", f"/studio/redirects?q={quote(path)}")


def _entries(connection: Connection, given: dict[str, str], author_id: int | None) -> Iterator[Found]:
    statement = _ENTRIES if author_id is None else _OWN_ENTRIES
    for row in connection.execute(statement, {**given, "author_id": author_id} if author_id is not None else given):
        yield Found("entry", row.title, row.excerpt, f"/studio/entries/{row.public_id}")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
