"""The search index: derived from entries, so it may be thrown away and made again."""

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from homeport.db.model import Base


class SearchDocument(Base):
    """The words of one entry at the version that was indexed."""

    __tablename__ = "search_document"
    __table_args__ = (Index("ix_search_document_words", "words", postgresql_using="gin"),)

    entry_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    version: Mapped[int]
    words: Mapped[str] = mapped_column(TSVECTOR)
