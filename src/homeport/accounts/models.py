"""Accounts that may sign in, and authors whose names stand over entries; an imported author needs no account."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from homeport.db.model import Base
from homeport.db.types import CreatedAt, Key

ROLES = ("owner", "editor", "author")


class Author(Base):
    """A name over an entry, with a page of its own."""

    __tablename__ = "author"
    __table_args__ = (CheckConstraint("slug <> ''", name="slug_present"),)

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    bio: Mapped[str] = mapped_column(server_default="")
    url: Mapped[str] = mapped_column(server_default="")
    image_path: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[CreatedAt]


class Account(Base):
    """Somebody who may sign in; `name` is what they type, the author is what readers see."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("role in ('owner', 'editor', 'author')", name="role_known"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    email: Mapped[str] = mapped_column(server_default="")
    password_hash: Mapped[str] = mapped_column(server_default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), unique=True)
    created_at: Mapped[CreatedAt]

    author: Mapped[Author] = relationship(lazy="raise_on_sql")
