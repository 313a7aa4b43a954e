"""Entries as those who run the site list them: drafts and scheduled ones too."""

from sqlalchemy import (
    Connection,
    and_,
    case,
    func,
    select,
)

from homeport.blog.models import Entry
from homeport.blog.queries.cards import TAGS
from homeport.blog.rows import (
    ManagedEntry,
)

_MANAGED = (
    select(
        Entry.kind,
        func.coalesce(Entry.title, "").label("title"),
        Entry.slug,
        func.coalesce(Entry.path, "").label("path"),
        case((and_(Entry.state == "published", Entry.published_at > func.now()), "scheduled"), else_=Entry.state).label(
            "state"
        ),
        Entry.published_at,
        Entry.updated_at,
        Entry.modified_at,
        Entry.word_count,
        TAGS.label("tags"),
    )
    .where(Entry.deleted_at.is_(None))
    .order_by(Entry.state != "draft", Entry.published_at.desc().nulls_first(), Entry.id.desc())
)


def list_all_entries(connection: Connection) -> tuple[ManagedEntry, ...]:
    """Return every entry that is not deleted, drafts first, for those who run the site."""
    rows = connection.execute(_MANAGED).mappings()
    return tuple(ManagedEntry(**{**row, "tags": tuple(tag["slug"] for tag in row["tags"])}) for row in rows)
