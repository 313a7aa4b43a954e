"""Media as rows: facts about a file, and its bytes in a table of their own so that lists never touch them."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from homeport.accounts.models import Account
from homeport.db.model import Base, index_of_letters
from homeport.db.types import CreatedAt, Key


class Media(Base):
    """One stored file, known by the hash of the bytes that are served."""

    __tablename__ = "media"
    __table_args__ = (
        CheckConstraint("hash ~ '^[0-9a-f]{32}$'", name="hash_form"),
        CheckConstraint("name <> ''", name="name_present"),
        Index("ix_media_type", "content_type", "id"),
        index_of_letters("media", "name", "alt", "caption"),
    )

    id: Mapped[Key]
    hash: Mapped[str] = mapped_column(unique=True)
    original_hash: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    content_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    alt: Mapped[str] = mapped_column(server_default="")
    caption: Mapped[str] = mapped_column(server_default="")
    source_url: Mapped[str] = mapped_column(server_default="")
    account_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True)
    created_at: Mapped[CreatedAt]
    variants_made_at: Mapped[datetime | None]
    """When smaller and better packed forms were made, or it was found that there can be none."""

    @property
    def path(self) -> str:
        """Return the path under which the file is served for ever."""
        return f"/media/{self.hash}/{self.name}"


class MediaBlob(Base):
    """The bytes of one stored file."""

    __tablename__ = "media_blob"

    media_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("media.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    data: Mapped[bytes] = mapped_column(LargeBinary)


class MediaVariant(Base):
    """That a smaller or better packed form of an image has been made; its bytes are in the cache folder only."""

    __tablename__ = "media_variant"
    __table_args__ = (CheckConstraint("format in ('avif', 'webp', 'original')", name="format_known"),)

    media_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("media.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    width: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    format: Mapped[str] = mapped_column(primary_key=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[CreatedAt]
