"""Shows a stored entry as the input that would make it, for those who change a part of it and keep the rest."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from homeport.accounts.models import Author
from homeport.blog.actions import AuthorInput, EntryInput
from homeport.blog.models import Byline, Entry, EntryTag, Series, Tag
from homeport.blog.rendering import targets_of


def input_of(session: Session, entry: Entry) -> EntryInput:
    """Return everything that its author decided about an entry; its references must be loaded."""
    return EntryInput(
        title=entry.title,
        source=entry.source,
        kind=entry.kind,
        subtitle=entry.subtitle,
        state=entry.state,
        published_at=entry.published_at,
        updated_at=entry.updated_at,
        language=entry.language,
        canonical_url=entry.canonical_url,
        link_url=entry.link_url,
        description=entry.description,
        authors=_authors_of(session, entry),
        tags=_tags_of(session, entry),
        series=_series_of(session, entry),
        series_position=entry.series_position,
        cover_media_id=entry.cover_media_id,
        cover_alt=entry.cover_alt,
        comments_open=entry.comments_open,
        feed_id=entry.feed_id,
        front_matter=entry.front_matter,
        targets=targets_of(entry),
    )


def _authors_of(session: Session, entry: Entry) -> tuple[AuthorInput, ...]:
    written = select(Author.name, Author.slug).join(Byline, Byline.author_id == Author.id)
    rows = session.execute(written.where(Byline.entry_id == entry.id).order_by(Byline.position))
    return tuple(AuthorInput(row.name, row.slug) for row in rows)


def _tags_of(session: Session, entry: Entry) -> tuple[str, ...]:
    """Name tags by their slugs: a title such as "C++" need not lead back to the slug it was given."""
    carried = select(Tag.slug).join(EntryTag, EntryTag.tag_id == Tag.id)
    return tuple(session.scalars(carried.where(EntryTag.entry_id == entry.id).order_by(EntryTag.position)))


def _series_of(session: Session, entry: Entry) -> str:
    return session.scalars(select(Series.slug).where(Series.id == entry.series_id)).one_or_none() or ""
