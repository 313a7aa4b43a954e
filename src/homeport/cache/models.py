"""The tables that the content's revision is kept in; triggers write them, and `revision.READ` reads them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, SmallInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from homeport.db.model import Base


class ContentRevision(Base):
    """How often readers saw something else; `origin` tells this database from another one, or from its copy."""

    __tablename__ = "content_revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False, server_default="1")
    revision: Mapped[int] = mapped_column(BigInteger, server_default="0")
    raised_in: Mapped[int] = mapped_column(BigInteger, server_default="0")
    raised_at: Mapped[datetime] = mapped_column(server_default=func.now())
    origin: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())


class ContentChange(Base):
    """The last revision in which something changed, by its key; none is older than the last change of everything."""

    __tablename__ = "content_change"

    key: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, index=True)
