"""New entries straight into their tables, with the fewest statements: an import writes hundreds a second.

It leaves the same rows behind as `blog.actions.create_entry`, to which a test holds it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from homeport.accounts.actions import find_or_create_author
from homeport.blog.actions import EntryInput
from homeport.blog.models import Byline, Entry, EntryRevision, EntryTag, Reference
from homeport.blog.taxonomy import find_or_create_series, find_or_create_tag
from homeport.exchange.models import ImportedFile
from homeport.site.models import Gone, Redirect
from homeport.text.markdown import RENDERER_VERSION

PLAIN_COLUMNS = (
    "kind",
    "title",
    "subtitle",
    "slug",
    "state",
    "published_at",
    "updated_at",
    "language",
    "canonical_url",
    "link_url",
    "description",
    "series_position",
    "cover_media_id",
    "cover_alt",
    "feed_id",
    "front_matter",
    "source",
)
MAX_TARGET_BYTES = 2000
"""Longer targets lead to nothing here and would not fit into an index of PostgreSQL."""

_ENTRY = insert(Entry).returning(Entry.id)
_BYLINES = insert(Byline)
_TAGGINGS = insert(EntryTag)
_REFERENCES = insert(Reference)
_REVISIONS = insert(EntryRevision)
_FILE = insert(ImportedFile)
_FILE = _FILE.on_conflict_do_update(
    index_elements=["label", "path"],
    set_={name: _FILE.excluded[name] for name in ("digest", "entry_id", "imported_at")},
)
_REDIRECTS = insert(Redirect)
_REDIRECTS = _REDIRECTS.on_conflict_do_update(
    index_elements=["path"],
    set_={name: _REDIRECTS.excluded[name] for name in ("entry_id", "tag_id", "series_id", "target")},
)


@dataclass(slots=True)
class Names:
    """The numbers of authors, tags and series, looked up once an import and not once an entry."""

    authors: dict[str, int] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    series: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "Names":
        """Return names to fill in a transaction: what it makes is lost when it fails."""
        return Names(dict(self.authors), dict(self.tags), dict(self.series))


def insert_entry(
    session: Session, given: EntryInput, path: str | None, names: Names, *, columns: Mapping[str, Any]
) -> int:
    """Store a new entry that is rendered already and has its final address; return its number.

    `columns` are values that win over what is given: those of an entry that comes back.
    """
    assert given.rendered is not None
    connection = session.connection()
    authors = _numbers(session, [author.name for author in given.authors], names.authors, find_or_create_author)
    tags = _numbers(session, given.tags, names.tags, find_or_create_tag)
    series = _numbers(session, [given.series] if given.series else [], names.series, find_or_create_series)
    values = {name: getattr(given, name) for name in PLAIN_COLUMNS}
    values |= {"path": path, "series_id": next(iter(series), None)} | _rendering(given)
    entry_id: int = connection.execute(_ENTRY, values | dict(columns)).scalar_one()
    if authors:
        connection.execute(_BYLINES, _placed(entry_id, "author_id", authors))
    if tags:
        connection.execute(_TAGGINGS, _placed(entry_id, "tag_id", tags))
    if references := _references(entry_id, given):
        connection.execute(_REFERENCES, references)
    return entry_id


def insert_revisions(session: Session, entry_id: int, revisions: Iterable[Mapping[str, Any]]) -> None:
    """Store what an entry said in former times."""
    rows = [{"entry_id": entry_id, **revision} for revision in revisions]
    if rows:
        session.connection().execute(_REVISIONS, rows)


def insert_file(session: Session, label: str, path: str, digest: str, entry_id: int) -> None:
    """Note which entry a file became, and by which bytes."""
    values = {"label": label, "path": path, "digest": digest, "entry_id": entry_id}
    session.connection().execute(_FILE, values)


def insert_redirects(session: Session, paths: Iterable[str], entry_id: int) -> None:
    """Make former addresses lead to an entry, whatever they led to before."""
    nothing = {"tag_id": None, "series_id": None, "target": None}
    rows = [{"path": path, "entry_id": entry_id, **nothing} for path in paths]
    if rows:
        session.connection().execute(_REDIRECTS, rows)


def forget_past(session: Session, path: str) -> None:
    """Let an address lead to the entry that lives there now."""
    session.execute(delete(Redirect).where(Redirect.path == path))
    session.execute(delete(Gone).where(Gone.path == path))


def _numbers(
    session: Session, titles: Iterable[str], known: dict[str, int], find: Callable[[Session, str], Any]
) -> list[int]:
    """Return the numbers of what these titles name, each once."""
    for title in titles:
        if title not in known:
            known[title] = find(session, title).id
    return list(dict.fromkeys(known[title] for title in titles))


def _rendering(given: EntryInput) -> dict[str, Any]:
    rendered = given.rendered
    assert rendered is not None
    return {
        "html": rendered.html,
        "html_version": RENDERER_VERSION,
        "outline": [asdict(heading) for heading in rendered.outline],
        "excerpt": rendered.excerpt,
        "word_count": rendered.word_count,
        "dropped": list(rendered.dropped),
    }


def _placed(entry_id: int, key: str, numbers: Iterable[int]) -> list[Mapping[str, int]]:
    return [{"entry_id": entry_id, key: number, "position": place} for place, number in enumerate(numbers)]


def _references(entry_id: int, given: EntryInput) -> list[dict[str, Any]]:
    assert given.rendered is not None
    rows = []
    for kind, target in dict.fromkeys(given.rendered.references):
        if len(target.encode()) <= MAX_TARGET_BYTES:
            to = given.targets.get((kind, target))
            ends = {"to_entry_id": to.entry_id if to else None, "to_media_id": to.media_id if to else None}
            rows.append({"entry_id": entry_id, "kind": kind, "target": target, **ends})
    return rows
