"""Where entries, tags and series live now."""

from collections.abc import Sequence

from sqlalchemy import (
    Connection,
    bindparam,
    select,
)

from homeport.blog.models import Entry, Series, Tag
from homeport.blog.queries.cards import IS_LIVE

_PATH_BY_ID = select(Entry.path).where(Entry.id == bindparam("id"), IS_LIVE)
_PATH_BY_SLUG = select(Entry.path).where(
    Entry.slug.in_(bindparam("slugs", expanding=True)), Entry.kind != "page", IS_LIVE
)
_TAG_SLUG = select(Tag.slug).where(Tag.id == bindparam("id"))
_SERIES_SLUG = select(Series.slug).where(Series.id == bindparam("id"))


def find_path(connection: Connection, *, entry_id: int = 0, slugs: Sequence[str] = ()) -> str | None:
    """Return where an entry lives now, known by its row or by a slug of its past, if readers may see it."""
    if slugs:
        return connection.execute(_PATH_BY_SLUG.limit(1), {"slugs": list(slugs)}).scalar_one_or_none()
    return connection.execute(_PATH_BY_ID, {"id": entry_id}).scalar_one_or_none()


def find_tag_path(connection: Connection, tag_id: int) -> str | None:
    """Return the path of a tag's page."""
    slug = connection.execute(_TAG_SLUG, {"id": tag_id}).scalar_one_or_none()
    return f"/tags/{slug}" if slug else None


def find_series_path(connection: Connection, series_id: int) -> str | None:
    """Return the path of a series' page."""
    slug = connection.execute(_SERIES_SLUG, {"id": series_id}).scalar_one_or_none()
    return f"/series/{slug}" if slug else None
