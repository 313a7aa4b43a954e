"""What the editor's form holds of an entry: the part of it that its author writes, as one plain value."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from homeport.accounts.models import Author
from homeport.blog.actions import AuthorInput, EntryInput
from homeport.blog.models import Byline, Entry, EntryTag, Series, Tag
from homeport.text.slugs import slugify

UNTITLED_KINDS = frozenset({"note", "link", "quote"})


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryFields:
    """Everything in the form. Tags, series and authors are named as one would type them."""

    title: str = ""
    subtitle: str = ""
    source: str = ""
    kind: str = "article"
    slug: str = ""
    tags: tuple[str, ...] = ()
    series: str = ""
    series_position: int | None = None
    description: str = ""
    language: str = ""
    canonical_url: str = ""
    link_url: str = ""
    authors: tuple[str, ...] = ()
    cover_media_id: int | None = None
    cover_alt: str = ""
    comments_open: bool | None = None
    published_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the fields as a working copy keeps them."""
        moment = self.published_at.isoformat() if self.published_at else None
        return asdict(self) | {"tags": list(self.tags), "authors": list(self.authors), "published_at": moment}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "EntryFields":
        """Return the fields that a working copy kept."""
        moment = kept["published_at"]
        lists = {name: tuple(kept[name]) for name in ("tags", "authors")}
        return cls(**{**kept, **lists, "published_at": datetime.fromisoformat(moment) if moment else None})


def fields_of(session: Session, entry: Entry) -> EntryFields:
    """Return what the form shows of a stored entry; three statements."""
    return EntryFields(
        title=entry.title or "",
        subtitle=entry.subtitle,
        source=entry.source,
        kind=entry.kind,
        slug=entry.slug,
        tags=_tags_of(session, entry),
        series=_series_of(session, entry),
        series_position=entry.series_position,
        description=entry.description,
        language=entry.language,
        canonical_url=entry.canonical_url,
        link_url=entry.link_url,
        authors=_authors_of(session, entry),
        cover_media_id=entry.cover_media_id,
        cover_alt=entry.cover_alt,
        comments_open=entry.comments_open,
        published_at=entry.published_at,
    )


def input_of_fields(session: Session, fields: EntryFields, entry: Entry | None = None) -> EntryInput:
    """Return what is to be stored for the fields; what the form does not show stays as `entry` has it."""
    kept = {} if entry is None else {name: getattr(entry, name) for name in ("state", "updated_at", "front_matter")}
    values = {name: getattr(fields, name) for name in _SAME}
    return EntryInput(
        title=fields.title or (None if fields.kind in UNTITLED_KINDS else ""),
        authors=find_authors(session, fields.authors),
        **values,
        **kept,
    )


def find_authors(session: Session, names: tuple[str, ...]) -> tuple[AuthorInput, ...]:
    """Return the authors meant by slugs or names; a name that nobody has is a new author's."""
    wanted = [name.lower() for name in names]
    rows = session.execute(
        select(Author.name, Author.slug)
        .where((Author.slug.in_(wanted)) | (func.lower(Author.name).in_(wanted)))
        .order_by(Author.id.desc())
    ).all()
    known = {row.name.lower(): AuthorInput(row.name, row.slug) for row in rows}
    known |= {row.slug: AuthorInput(row.name, row.slug) for row in rows}
    return tuple(known.get(name.lower()) or AuthorInput(name) for name in names)


def author_named(name: str, slug: str, *, is_shared: bool) -> str:
    """Return how an author is named in the form: by the name, unless that could mean somebody else."""
    return slug if is_shared or "," in name else name


def with_source(fields: EntryFields, source: str) -> EntryFields:
    """Return the fields with another text."""
    return replace(fields, source=source)


_SAME = tuple(name for name in EntryFields.__dataclass_fields__ if name not in ("title", "authors"))


def _tags_of(session: Session, entry: Entry) -> tuple[str, ...]:
    carried = select(Tag.title, Tag.slug).join(EntryTag, EntryTag.tag_id == Tag.id)
    rows = session.execute(carried.where(EntryTag.entry_id == entry.id).order_by(EntryTag.position))
    return tuple(_readable(row.title, row.slug) for row in rows)


def _series_of(session: Session, entry: Entry) -> str:
    row = session.execute(select(Series.title, Series.slug).where(Series.id == entry.series_id)).one_or_none()
    return (row.title if slugify(row.title) == row.slug else row.slug) if row else ""


def _readable(title: str, slug: str) -> str:
    """Return the title where it leads back to the same tag, and the slug where it does not."""
    return title if slugify(title) == slug and "," not in title else slug


def _authors_of(session: Session, entry: Entry) -> tuple[str, ...]:
    other = aliased(Author)
    is_shared = (
        select(other.id).where(func.lower(other.name) == func.lower(Author.name), other.id != Author.id).exists()
    )
    signed = select(Author.name, Author.slug, is_shared.label("is_shared")).join(Byline, Byline.author_id == Author.id)
    rows = session.execute(signed.where(Byline.entry_id == entry.id).order_by(Byline.position))
    return tuple(author_named(row.name, row.slug, is_shared=row.is_shared) for row in rows)
