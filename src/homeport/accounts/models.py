"""Accounts that may sign in, the links that let somebody in, and authors whose names stand over entries.

An imported author needs no account. Of every secret that only has to be recognised (session, link, token, recovery
code) the table keeps the SHA-256, so that a copy of the database opens nothing.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, func, text
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
    handle: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    totp_secret: Mapped[str] = mapped_column(server_default="")
    totp_used_step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[CreatedAt]

    author: Mapped[Author] = relationship(lazy="raise_on_sql")


class OneTimeLink(Base):
    """A link that lets its holder set up the site, come back in, or join; it works once and not for ever."""

    __tablename__ = "one_time_link"
    __table_args__ = (CheckConstraint("purpose in ('setup', 'reset', 'invitation')", name="purpose_known"),)

    id: Mapped[Key]
    purpose: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
