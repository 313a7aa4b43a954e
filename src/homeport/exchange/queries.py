"""What an import or export needs to know of the site before it begins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by

from homeport.accounts.models import Author
from homeport.blog.models import Byline, Entry, EntryTag, Reference, Series, Tag
from homeport.exchange.models import ImportedFile
from homeport.site.models import Gone, Redirect

LOCK_KEY = 0x696D706F
"""The advisory lock of everything that imports ("impo")."""

_LOCK = text("select pg_try_advisory_lock(:key)")
_UNLOCK = text("select pg_advisory_unlock(:key)")


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that was imported before, and the entry it became."""

    label: str
    path: str
    digest: str
    entry_id: int
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class TakenAddress:
    """An entry that is on the site, by what no other entry may have."""

    entry_id: int
    kind: str
    slug: str
    path: str | None


@dataclass(frozen=True, slots=True)
class CurrentEntry:
    """What the site says of an entry now, in the words of an imported text."""

    front_matter: str
    source: str
    cover_media_id: int | None
    fields: dict[str, Any]


def try_lock(connection: Connection) -> bool:
    """Claim the right to import, as long as the connection lives or until `unlock`."""
    return bool(connection.execute(_LOCK, {"key": LOCK_KEY}).scalar_one())


def unlock(connection: Connection) -> None:
    """Give the right to import back."""
    connection.execute(_UNLOCK, {"key": LOCK_KEY})


def list_known_files(connection: Connection) -> list[KnownFile]:
    """Return every file that was ever imported."""
    rows = connection.execute(
        select(
            ImportedFile.label,
            ImportedFile.path,
            ImportedFile.digest,
            ImportedFile.entry_id,
            Entry.deleted_at.is_not(None),
        ).join(Entry, Entry.id == ImportedFile.entry_id)
    )
    return [KnownFile(*row) for row in rows]


def list_taken_addresses(connection: Connection) -> list[TakenAddress]:
    """Return every entry that is not deleted with its slug and path."""
    rows = connection.execute(select(Entry.id, Entry.kind, Entry.slug, Entry.path).where(Entry.deleted_at.is_(None)))
    return [TakenAddress(*row) for row in rows]


def list_redirects(connection: Connection) -> list[tuple[str, int | None]]:
    """Return every path that leads on, with the entry it leads to, if it is one."""
    return [(row.path, row.entry_id) for row in connection.execute(select(Redirect.path, Redirect.entry_id))]


def list_gone(connection: Connection) -> set[str]:
    """Return every path that answers that its entry was taken away."""
    return set(connection.scalars(select(Gone.path)))


def find_current(connection: Connection, entry_id: int) -> CurrentEntry:
    """Return what an entry says now."""
    row = connection.execute(_CURRENT, {"entry_id": entry_id}).one()
    fields = {name: getattr(row, name) for name in _CURRENT_FIELDS}
    fields["authors"] = tuple(row.authors or ())
    fields["tags"] = tuple(row.tags or ())
    fields["series"] = row.series or ""
    return CurrentEntry(row.front_matter, row.source, row.cover_media_id, fields)


def list_loose_references(connection: Connection, entry_ids: Iterable[int]) -> Sequence[Row[int, str, str]]:
    """Return the references of these entries that stay as they are written and might mean something of this folder."""
    return connection.execute(
        select(Reference.entry_id, Reference.kind, Reference.target)
        .where(Reference.to_entry_id.is_(None), Reference.to_media_id.is_(None))
        .where(Reference.entry_id == func.any(list(entry_ids)))
        .order_by(Reference.entry_id)
    ).all()


_CURRENT_FIELDS = (
    "kind",
    "title",
    "slug",
    "state",
    "published_at",
    "updated_at",
    "subtitle",
    "language",
    "canonical_url",
    "link_url",
    "description",
    "series_position",
    "cover_alt",
    "feed_id",
)
_CURRENT = select(
    *(getattr(Entry, name) for name in _CURRENT_FIELDS),
    Entry.front_matter,
    Entry.source,
    Entry.cover_media_id,
    select(func.array_agg(aggregate_order_by(Author.name, Byline.position)))
    .select_from(Byline)
    .join(Author, Author.id == Byline.author_id)
    .where(Byline.entry_id == Entry.id)
    .scalar_subquery()
    .label("authors"),
    select(func.array_agg(aggregate_order_by(Tag.title, EntryTag.position)))
    .select_from(EntryTag)
    .join(Tag, Tag.id == EntryTag.tag_id)
    .where(EntryTag.entry_id == Entry.id)
    .scalar_subquery()
    .label("tags"),
    select(Series.title).where(Series.id == Entry.series_id).scalar_subquery().label("series"),
).where(Entry.id == bindparam("entry_id"))
