"""What was imported from where, so that a second import changes only what has changed."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from homeport.blog.models import Entry
from homeport.db.model import Base
from homeport.db.types import CreatedAt


class ImportedFile(Base):
    """A file that became an entry: its path inside the imported folder and the SHA-256 of its bytes at that time."""

    __tablename__ = "imported_file"

    label: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(Entry.id, ondelete="CASCADE"), unique=True)
    imported_at: Mapped[CreatedAt]
