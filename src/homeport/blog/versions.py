"""The tables of what an entry used to say, what it is about to say, and who may read that already.

They stand apart from `models.py` because readers' pages need none of them, and a start waits for every table it loads.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from homeport.db.model import Base
from homeport.db.types import CreatedAt, Key


class EntryRevision(Base):
    """What an entry said before a change that replaced its text, or when it was published; numbered from 1."""

    __tablename__ = "entry_revision"
    __table_args__ = (Index("ix_entry_revision_entry", "entry_id", "created_at"),)

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(server_default="0")
    title: Mapped[str | None]
    front_matter: Mapped[str] = mapped_column(server_default="")
    source: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    is_public: Mapped[bool] = mapped_column(server_default=text("false"))
    account_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]


class WorkingCopy(Base):
    """What the author is writing over an entry that readers see already; publishing turns it into the entry.

    `fields` is the editor's form, `base` what the entry itself said at the last save of it, so that a change made to
    the entry elsewhere is noticed; the entry's `version` counts the saves.
    """

    __tablename__ = "working_copy"

    entry_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    fields: Mapped[dict[str, Any]]
    base: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    account_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class ShareLink(Base):
    """A link that shows an entry to whoever has it before it is public, until it expires or is withdrawn."""

    __tablename__ = "share_link"

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
