"""Responses to entries, whatever way they came: the writer is data here, not an account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from homeport.blog.models import Entry
from homeport.db.model import Base, index_of_letters
from homeport.db.types import CreatedAt, Key

SOURCES = ("comment", "webmention", "activitypub")
STATES = ("held", "shown", "spam", "deleted")


class Response(Base):
    """What somebody answered to an entry; replies are one level deep.

    `author_id` marks the answer of somebody who writes here. `learned` is what the classifier took from it: "ham",
    "spam" or nothing; the two columns of what was `previous` let the last decision be undone.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("source in ('comment', 'webmention', 'activitypub')", name="source_known"),
        CheckConstraint("state in ('held', 'shown', 'spam', 'deleted')", name="state_known"),
        CheckConstraint("learned in ('', 'ham', 'spam')", name="learned_known"),
        Index("ix_response_entry", "entry_id", "created_at", "id"),
        Index("ix_response_queue", "state", "created_at", "id"),
        Index("ix_response_writer_email", func.lower(text("writer_email"))),
        index_of_letters("response", "writer_name", "text"),
    )

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("response.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(server_default="comment")
    state: Mapped[str] = mapped_column(server_default="held")
    writer_name: Mapped[str]
    writer_email: Mapped[str] = mapped_column(server_default="")
    writer_url: Mapped[str] = mapped_column(server_default="")
    author_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("author.id", ondelete="SET NULL"), index=True)
    text: Mapped[str]
    html: Mapped[str]
    source_url: Mapped[str] = mapped_column(server_default="")
    held_because: Mapped[str] = mapped_column(server_default="")
    spam_score: Mapped[float | None]
    address_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    created_at: Mapped[CreatedAt]
    edited_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    previous_state: Mapped[str] = mapped_column(server_default="")
    learned: Mapped[str] = mapped_column(server_default="")
    previous_learned: Mapped[str] = mapped_column(server_default="")

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql")


class UsedToken(Base):
    """A form token that has stored its comment and stores no other."""

    __tablename__ = "used_token"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Block(Base):
    """A writer whose comments go to spam: a mail address, a site or the keyed hash of a host's address."""

    __tablename__ = "comment_block"
    __table_args__ = (CheckConstraint("kind in ('email', 'site', 'address')", name="kind_known"),)

    id: Mapped[Key]
    kind: Mapped[str]
    value: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]


class SpamWord(Base):
    """How often a word stood in comments that the author let through, and in those that were spam."""

    __tablename__ = "spam_word"

    word: Mapped[str] = mapped_column(primary_key=True)
    spam: Mapped[int] = mapped_column(server_default="0")
    ham: Mapped[int] = mapped_column(server_default="0")
