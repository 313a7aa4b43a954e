"""What an import or export needs to know of the site before it begins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, func, select, text

from homeport.blog.models import Entry, Reference
from homeport.exchange.models import ImportedFile
from homeport.media.models import Media
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
class PresentEntry:
    """An entry of the site as it is recognised from an export."""

    entry_id: int
    path: str | None
    content_digest: str
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class ShownMedia:
    """A stored file that an entry shows, by the name its text has for it."""

    entry_id: int
    kind: str
    target: str
    hash: str
    original_hash: str
    name: str


@dataclass(frozen=True, slots=True)
class CurrentEntry:
    """What the site says of an entry now, as far as that decides its address, and its text."""

    front_matter: str
    source: str
    kind: str
    slug: str
    state: str
    published_at: datetime | None


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
    columns = (Entry.front_matter, Entry.source, Entry.kind, Entry.slug, Entry.state, Entry.published_at)
    return CurrentEntry(*connection.execute(select(*columns).where(Entry.id == entry_id)).one())


def list_loose_references(connection: Connection, entry_ids: Iterable[int]) -> Sequence[Row[int, str, str]]:
    """Return the references of these entries that stay as they are written and might mean something of this folder."""
    return connection.execute(
        select(Reference.entry_id, Reference.kind, Reference.target)
        .where(Reference.to_entry_id.is_(None), Reference.to_media_id.is_(None))
        .where(Reference.entry_id == func.any(list(entry_ids)))
        .order_by(Reference.entry_id)
    ).all()


def list_media_references(connection: Connection, entry_ids: Iterable[int]) -> list[ShownMedia]:
    """Return the stored files that the texts of these entries refer to."""
    rows = connection.execute(
        select(Reference.entry_id, Reference.kind, Reference.target, Media.hash, Media.original_hash, Media.name)
        .join(Media, Media.id == Reference.to_media_id)
        .where(Reference.entry_id == func.any(list(entry_ids)))
        .order_by(Reference.entry_id, Reference.kind, Reference.target)
    )
    return [ShownMedia(*row) for row in rows]


def list_covers(connection: Connection, entry_ids: Iterable[int]) -> Sequence[Row[int, str, str, str]]:
    """Return which of these entries have a cover, with what is known of its file."""
    return connection.execute(
        select(Entry.id, Media.hash, Media.original_hash, Media.name)
        .join(Media, Media.id == Entry.cover_media_id)
        .where(Entry.id == func.any(list(entry_ids)))
        .order_by(Entry.id)
    ).all()


def list_present_entries(connection: Connection) -> dict[UUID, PresentEntry]:
    """Return every entry by its public id, with the digest of its text."""
    content = func.convert_to(Entry.front_matter.concat(Entry.source), "UTF8")
    digest = func.encode(func.sha256(content), "hex")
    rows = connection.execute(select(Entry.public_id, Entry.id, Entry.path, digest, Entry.deleted_at.is_not(None)))
    return {public_id: PresentEntry(*rest) for public_id, *rest in rows}
