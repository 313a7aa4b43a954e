"""Tags and series as those who write see them: all of them, with the entries that readers do not see yet."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, literal, select

from homeport.blog.models import Entry, EntryTag, Series, Tag


@dataclass(frozen=True, slots=True)
class Subject:
    """A tag or a series, with the number of entries that have it, drafts included."""

    kind: str
    slug: str
    title: str
    description: str
    count: int


_SUBJECTS = (
    select(
        literal("tag").label("kind"), Tag.slug, Tag.title, Tag.description, func.count(EntryTag.entry_id).label("count")
    )
    .outerjoin(EntryTag, EntryTag.tag_id == Tag.id)
    .group_by(Tag.id)
    .union_all(
        select(literal("series"), Series.slug, Series.title, Series.description, func.count(Entry.id))
        .outerjoin(Entry, and_(Entry.series_id == Series.id, Entry.deleted_at.is_(None)))
        .group_by(Series.id)
    )
)


def count_subjects(connection: Connection) -> tuple[Subject, ...]:
    """Return all tags and series, by title."""
    subjects = (Subject(**row) for row in connection.execute(_SUBJECTS).mappings())
    return tuple(sorted(subjects, key=lambda each: (each.kind != "tag", each.title.casefold())))
