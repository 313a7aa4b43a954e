"""Everything an export writes, read from the database as values that JSON takes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Row, and_, select
from sqlalchemy.orm import Session, aliased

from homeport.accounts.models import Author
from homeport.blog.models import Byline, Entry, EntryTag, Reference, Series, Tag
from homeport.blog.versions import EntryRevision
from homeport.exchange.models import ImportedFile
from homeport.media.models import Media, MediaBlob
from homeport.site.models import Gone, PermalinkPattern, Redirect, Site

ENTRY_COLUMNS = (
    "public_id",
    "feed_id",
    "kind",
    "title",
    "subtitle",
    "slug",
    "state",
    "published_at",
    "updated_at",
    "created_at",
    "modified_at",
    "language",
    "canonical_url",
    "link_url",
    "description",
    "cover_alt",
    "series_position",
    "comments_open",
)
MEDIA_COLUMNS = ("hash", "original_hash", "name", "alt", "caption", "source_url", "created_at")
SITE_COLUMNS = tuple(column.name for column in Site.__table__.columns if column.name != "id")


@dataclass(frozen=True, slots=True)
class ExportedEntry:
    """An entry without its text: what goes into the manifest, and how it came in."""

    id: int
    columns: dict[str, Any]
    imported_as: tuple[str, str, str] | None
    references: list[dict[str, Any]]
    revisions: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Return what the manifest says of the entry."""
        return {
            **self.columns,
            "imported_as": list(self.imported_as) if self.imported_as else None,
            "references": self.references,
            "revisions": self.revisions,
        }


@dataclass(frozen=True, slots=True)
class ExportedMedia:
    """A stored file without its bytes."""

    id: int
    facts: dict[str, Any]


def site_facts(session: Session) -> dict[str, Any]:
    """Return the site's settings, its authors, tags and series, and where addresses of the past lead."""
    return {
        "site": _rows(session, select(*(getattr(Site, name) for name in SITE_COLUMNS)))[0],
        "permalink_patterns": list(session.scalars(select(PermalinkPattern.pattern).order_by(PermalinkPattern.id))),
        "authors": _rows(
            session,
            select(Author.slug, Author.name, Author.bio, Author.url, Author.image_path).order_by(Author.id),
        ),
        "tags": _rows(session, select(Tag.slug, Tag.title, Tag.description).order_by(Tag.id)),
        "series": _rows(session, select(Series.slug, Series.title, Series.description).order_by(Series.id)),
        "redirects": _rows(
            session,
            select(
                Redirect.path,
                Entry.public_id.label("entry"),
                Tag.slug.label("tag"),
                Series.slug.label("series"),
                Redirect.target,
            )
            .outerjoin(Entry, Entry.id == Redirect.entry_id)
            .outerjoin(Tag, Tag.id == Redirect.tag_id)
            .outerjoin(Series, Series.id == Redirect.series_id)
            .where(Entry.deleted_at.is_(None))
            .order_by(Redirect.id),
        ),
        "gone": list(session.scalars(select(Gone.path).order_by(Gone.id))),
    }


def list_entries(session: Session) -> list[ExportedEntry]:
    """Return every entry that is not deleted, in the order in which they were made."""
    original = aliased(Entry)
    rows = session.execute(
        select(
            Entry.id,
            *(getattr(Entry, name) for name in ENTRY_COLUMNS),
            Series.slug.label("series"),
            Media.hash.label("cover"),
            original.public_id.label("translation_of"),
            ImportedFile.label.label("import_label"),
            ImportedFile.path.label("import_path"),
            ImportedFile.digest.label("import_digest"),
        )
        .outerjoin(Series, Series.id == Entry.series_id)
        .outerjoin(Media, Media.id == Entry.cover_media_id)
        .outerjoin(original, original.id == Entry.translation_of_id)
        .outerjoin(ImportedFile, ImportedFile.entry_id == Entry.id)
        .where(Entry.deleted_at.is_(None))
        .order_by(Entry.id)
    )
    authors, tags = _slugs(session, Author, Byline.author_id), _slugs(session, Tag, EntryTag.tag_id)
    references, revisions = _references(session), _revisions(session)
    return [
        ExportedEntry(
            row.id,
            _entry_columns(row) | {"authors": authors[row.id], "tags": tags[row.id]},
            (row.import_label, row.import_path, row.import_digest) if row.import_label is not None else None,
            references[row.id],
            revisions[row.id],
        )
        for row in rows
    ]


def list_texts(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return front matter and Markdown of entries."""
    rows = session.execute(select(Entry.id, Entry.front_matter, Entry.source).where(Entry.id.in_(list(ids))))
    return {row.id: (row.front_matter, row.source) for row in rows}


def list_media(session: Session) -> list[ExportedMedia]:
    """Return every stored file."""
    rows = session.execute(select(Media.id, *(getattr(Media, name) for name in MEDIA_COLUMNS)).order_by(Media.id))
    return [ExportedMedia(row.id, {name: plain(getattr(row, name)) for name in MEDIA_COLUMNS}) for row in rows]


def list_places_of_media(session: Session) -> list[tuple[int, str, int]]:
    """Return for every reference to a file which entry has it, how it is written, and which file that is."""
    rows = session.execute(
        select(Reference.entry_id, Reference.target, Reference.to_media_id)
        .join(Entry, Entry.id == Reference.entry_id)
        .where(Reference.to_media_id.is_not(None), Entry.deleted_at.is_(None))
        .order_by(Reference.entry_id, Reference.kind, Reference.target)
    )
    return [(row.entry_id, row.target, row.to_media_id) for row in rows]


def read_blob(session: Session, media_id: int) -> bytes:
    """Return the bytes of a stored file."""
    return bytes(session.execute(select(MediaBlob.data).where(MediaBlob.media_id == media_id)).scalar_one())


def plain(value: Any) -> Any:
    """Return a value of the database as one that JSON takes."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _entry_columns(row: Row[Any]) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in (*ENTRY_COLUMNS, "series", "cover", "translation_of")}


def _slugs(session: Session, model: type[Author] | type[Tag], key: Any) -> Mapping[int, list[str]]:
    """Return the slugs of authors or tags of every entry, in their places."""
    join = key.class_
    rows = session.execute(
        select(join.entry_id, model.slug).join(model, model.id == key).order_by(join.entry_id, join.position)
    )
    slugs = defaultdict(list)
    for row in rows:
        slugs[row.entry_id].append(row.slug)
    return slugs


def _references(session: Session) -> Mapping[int, list[dict[str, Any]]]:
    """Return of every entry the references that lead somewhere here."""
    target = aliased(Entry)
    rows = session.execute(
        select(Reference.entry_id, Reference.kind, Reference.target, target.public_id, Media.hash)
        .outerjoin(target, and_(target.id == Reference.to_entry_id, target.deleted_at.is_(None)))
        .outerjoin(Media, Media.id == Reference.to_media_id)
        .where(target.id.is_not(None) | Media.id.is_not(None))
        .order_by(Reference.entry_id, Reference.kind, Reference.target)
    )
    references = defaultdict(list)
    for row in rows:
        end = {"entry": str(row.public_id)} if row.public_id else {"media": row.hash}
        references[row.entry_id].append({"kind": row.kind, "target": row.target, **end})
    return references


def _revisions(session: Session) -> Mapping[int, list[dict[str, Any]]]:
    names = ("title", "front_matter", "source", "reason", "is_public", "created_at")
    columns = (getattr(EntryRevision, name) for name in names)
    rows = session.execute(select(EntryRevision.entry_id, *columns).order_by(EntryRevision.id))
    revisions = defaultdict(list)
    for row in rows:
        revisions[row.entry_id].append({name: plain(getattr(row, name)) for name in names})
    return revisions


def _rows(session: Session, statement: Executable) -> list[dict[str, Any]]:
    rows = session.execute(statement).mappings()
    return [{name: plain(value) for name, value in row.items()} for row in rows]
