"""The one row of site settings, and where addresses of the past lead now."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from homeport.db.model import Base, index_of_letters
from homeport.db.types import CreatedAt, Key


class Site(Base):
    """What the author decides about the site as a whole; there is exactly one row."""

    __tablename__ = "site"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("font in ('serif', 'sans')", name="font_known"),
        CheckConstraint("comment_rule in ('hold', 'known', 'show')", name="comment_rule_known"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False, server_default="1")
    title: Mapped[str] = mapped_column(server_default="My site")
    tagline: Mapped[str] = mapped_column(server_default="")
    address: Mapped[str] = mapped_column(server_default="")
    language: Mapped[str] = mapped_column(server_default="en")
    time_zone: Mapped[str] = mapped_column(server_default="UTC")
    permalink_pattern: Mapped[str] = mapped_column(server_default="/posts/{slug}")
    navigation: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    author_name: Mapped[str] = mapped_column(server_default="")
    author_bio: Mapped[str] = mapped_column(server_default="")
    author_url: Mapped[str] = mapped_column(server_default="")
    author_image_path: Mapped[str] = mapped_column(server_default="")
    accent: Mapped[str] = mapped_column(server_default="")
    font: Mapped[str] = mapped_column(server_default="serif")
    icon_path: Mapped[str] = mapped_column(server_default="")
    smart_typography: Mapped[bool] = mapped_column(server_default=text("true"))
    raw_html: Mapped[bool] = mapped_column(server_default=text("false"))
    remote_images: Mapped[bool] = mapped_column(server_default=text("false"))
    comments_open: Mapped[bool] = mapped_column(server_default=text("true"))
    comment_rule: Mapped[str] = mapped_column(server_default="known")
    comments_close_after_days: Mapped[int | None]


class PermalinkPattern(Base):
    """A pattern that posts' addresses once followed; addresses made by it still lead to their posts."""

    __tablename__ = "permalink_pattern"

    id: Mapped[Key]
    pattern: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]


class Redirect(Base):
    """A path that now leads elsewhere: to an entry, tag or series wherever that lives now, or to a fixed target."""

    __tablename__ = "redirect"
    __table_args__ = (
        CheckConstraint("num_nonnulls(entry_id, tag_id, series_id, target) = 1", name="one_target"),
        CheckConstraint("left(path, 1) = '/'", name="path_absolute"),
        index_of_letters("redirect", "path"),
    )

    id: Mapped[Key]
    path: Mapped[str] = mapped_column(unique=True)
    entry_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    tag_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("tag.id", ondelete="CASCADE"), index=True)
    series_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("series.id", ondelete="CASCADE"), index=True)
    target: Mapped[str | None]
    created_at: Mapped[CreatedAt]


class Gone(Base):
    """A path whose entry was taken away on purpose: answered with 410, so that nobody keeps asking.

    `entry_id` says whose it was for as long as that can be undone.
    """

    __tablename__ = "gone"
    __table_args__ = (CheckConstraint("left(path, 1) = '/'", name="path_absolute"),)

    id: Mapped[Key]
    path: Mapped[str] = mapped_column(unique=True)
    entry_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("entry.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[CreatedAt]
