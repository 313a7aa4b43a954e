"""Entries (posts and pages), the tags and series they belong to, and what they refer to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    FetchedValue,
    ForeignKey,
    Function,
    Index,
    SmallInteger,
    func,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from homeport.accounts.models import Author
from homeport.db.model import Base, index_of_letters
from homeport.db.types import CreatedAt, Key
from homeport.media.models import Media

KINDS = ("article", "note", "link", "quote", "page")
STATES = ("draft", "published", "unlisted")
LAST_IN_SERIES = 2_147_483_647
"""Where an entry without a position stands in its series: behind those that have one, by its date."""


def by_title(title: Any) -> Function[Any]:
    """Return what tags and series are ordered by; an index holds no whole title, because nothing bounds it."""
    return func.lower(func.left(title, literal_column("200")))


class Tag(Base):
    """A subject that entries share."""

    __tablename__ = "tag"
    __table_args__ = (
        CheckConstraint("slug <> ''", name="slug_present"),
        Index("ix_tag_title", by_title(text("title")), "id"),
        index_of_letters("tag", "title"),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")


class Series(Base):
    """Entries that are meant to be read one after the other."""

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("slug <> ''", name="slug_present"),
        Index("ix_series_title", by_title(text("title")), "id"),
        index_of_letters("series", "title"),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")


class Entry(Base):
    """A post or a page: its Markdown as it was written, the HTML made of it, and where and when it is shown.

    `front_matter + source` is the author's file, byte for byte. `path` is the address at the moment; it is null
    only while the permalink pattern needs a date that a draft does not have.
    """

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("kind in ('article', 'note', 'link', 'quote', 'page')", name="kind_known"),
        CheckConstraint("state in ('draft', 'published', 'unlisted')", name="state_known"),
        CheckConstraint("state = 'draft' or published_at is not null", name="public_has_date"),
        CheckConstraint("title is not null or kind in ('note', 'link', 'quote')", name="title_present"),
        CheckConstraint("left(path, 1) = '/'", name="path_absolute"),
        CheckConstraint("slug <> ''", name="slug_present"),
        Index("uq_entry_path", "path", unique=True, postgresql_where=text("deleted_at is null")),
        Index(
            "uq_entry_slug",
            text("(kind = 'page')"),
            "slug",
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
        Index(
            "ix_entry_listed",
            "published_at",
            "id",
            postgresql_where=text("state = 'published' and kind <> 'page' and deleted_at is null"),
        ),
        Index("ix_entry_shown", "published_at", postgresql_where=text("state <> 'draft' and deleted_at is null")),
        Index("ix_entry_series", "series_id", "series_position"),
        Index(
            "ix_entry_series_listed",
            "series_id",
            "published_at",
            "id",
            postgresql_where=text("state = 'published' and kind <> 'page' and deleted_at is null"),
        ),
        Index(
            "ix_entry_in_series",
            "series_id",
            text(f"coalesce(series_position, {LAST_IN_SERIES})"),
            "published_at",
            "id",
            postgresql_where=text("state = 'published' and kind <> 'page' and deleted_at is null"),
        ),
        Index("ix_entry_modified", "modified_at", "public_id"),
        Index(
            "ix_entry_state",
            "state",
            "modified_at",
            "public_id",
            postgresql_include=["kind", "published_at"],
            postgresql_where=text("deleted_at is null"),
        ),
        Index("ix_entry_kind", "kind", "modified_at", "public_id", postgresql_where=text("deleted_at is null")),
        Index("ix_entry_deleted", "modified_at", "public_id", postgresql_where=text("deleted_at is not null")),
        index_of_letters("entry", "title", "slug"),
    )

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    feed_id: Mapped[str | None]
    kind: Mapped[str] = mapped_column(server_default="article")
    title: Mapped[str | None]
    subtitle: Mapped[str] = mapped_column(server_default="")
    slug: Mapped[str]
    path: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default="draft")
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    modified_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
    deleted_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(server_default="")
    canonical_url: Mapped[str] = mapped_column(server_default="")
    link_url: Mapped[str] = mapped_column(server_default="")
    description: Mapped[str] = mapped_column(server_default="")
    cover_media_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("media.id"), index=True)
    cover_alt: Mapped[str] = mapped_column(server_default="")
    series_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("series.id"))
    series_position: Mapped[int | None]
    translation_of_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("entry.id"), index=True)
    front_matter: Mapped[str] = mapped_column(server_default="")
    source: Mapped[str]
    html: Mapped[str]
    html_version: Mapped[int]
    outline: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    excerpt: Mapped[str] = mapped_column(server_default="")
    word_count: Mapped[int] = mapped_column(server_default="0")
    dropped: Mapped[list[str]] = mapped_column(server_default=text("'[]'::jsonb"))
    version: Mapped[int] = mapped_column(server_default="1")
    changed_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    comments_open: Mapped[bool | None]

    bylines: Mapped[list["Byline"]] = relationship(
        lazy="raise_on_sql", order_by="Byline.position", cascade="all, delete-orphan", back_populates="entry"
    )
    taggings: Mapped[list["EntryTag"]] = relationship(
        lazy="raise_on_sql", order_by="EntryTag.position", cascade="all, delete-orphan", back_populates="entry"
    )
    references: Mapped[list["Reference"]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        back_populates="entry",
        foreign_keys="Reference.entry_id",
    )
    series: Mapped[Series | None] = relationship(lazy="raise_on_sql")
    cover: Mapped[Media | None] = relationship(lazy="raise_on_sql")


_IS_LISTED = text("listed_at is not null")


class Byline(Base):
    """That an author wrote an entry, and in which place the name stands.

    The database itself notes in `listed_at` from when on lists show the entry, so that an index has them in that order.
    """

    __tablename__ = "byline"
    __table_args__ = (
        Index("ix_byline_author_id_entry_id", "author_id", "entry_id"),
        Index("ix_byline_listed", "author_id", "listed_at", "entry_id", postgresql_where=_IS_LISTED),
    )

    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    author_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("author.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    listed_at: Mapped[datetime | None] = mapped_column(FetchedValue())

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql", back_populates="bylines")
    author: Mapped[Author] = relationship(lazy="raise_on_sql")


class EntryTag(Base):
    """That an entry carries a tag, and in which place; `listed_at` as in `Byline`."""

    __tablename__ = "entry_tag"
    __table_args__ = (
        Index("ix_entry_tag_tag_id_entry_id", "tag_id", "entry_id"),
        Index("ix_entry_tag_listed", "tag_id", "listed_at", "entry_id", postgresql_where=_IS_LISTED),
    )

    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    listed_at: Mapped[datetime | None] = mapped_column(FetchedValue())

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql", back_populates="taggings")
    tag: Mapped[Tag] = relationship(lazy="raise_on_sql")


class Reference(Base):
    """A link or image as an entry's source writes it, and what it leads to here; neither set: it stays as written."""

    __tablename__ = "reference"
    __table_args__ = (
        CheckConstraint("kind in ('link', 'image')", name="kind_known"),
        CheckConstraint("num_nonnulls(to_entry_id, to_media_id) <= 1", name="one_target"),
    )

    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)
    to_entry_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("entry.id", ondelete="SET NULL"), index=True)
    to_media_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("media.id"), index=True)

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql", back_populates="references", foreign_keys=[entry_id])
