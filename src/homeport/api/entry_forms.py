"""Entries between the API and the studio's own form: the same fields, so that the same rules are asked once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from homeport.api.entry_bodies import Entry
from homeport.api.operations import Reply
from homeport.api.words import written
from homeport.blog.drafts import Draft
from homeport.blog.models import Entry as StoredEntry
from homeport.blog.previewing import render_fields
from homeport.blog.rows import reading_minutes
from homeport.blog.scheduling import ClockNote
from homeport.errors import NotFoundError
from homeport.media.models import Media
from homeport.site.views import current_site
from homeport.web.database import session


def entry_id(name: str) -> UUID:
    """Return the id of the entry that is called so: by its id or, if it is not deleted, by its slug.

    Raises NotFoundError.
    """
    found = find_entry_id(name)
    if found is None:
        raise NotFoundError("there is no such entry")
    return found


def find_entry_id(name: str) -> UUID | None:
    """Return the id of the entry that is called so, None when there is none; any id is taken as it is."""
    try:
        return UUID(name)
    except ValueError:
        pass
    is_page = StoredEntry.kind == "page"
    # Both kinds are named because the index of slugs begins with whether it is a page.
    called = select(StoredEntry.public_id).where(
        is_page.in_([True, False]), StoredEntry.slug == name, StoredEntry.deleted_at.is_(None)
    )
    return session().scalars(called.order_by(is_page)).first()


def as_typed(changes: Mapping[str, Any]) -> dict[str, str]:
    """Return fields as somebody would have typed them into the studio's form."""
    typed = {name: _as_text(value) for name, value in changes.items()}
    if "cover" in typed:
        typed["cover_media_id"] = typed.pop("cover")
    return typed


def reply_of(draft: Draft, *, status: int = 200, notes: tuple[ClockNote, ...] = ()) -> Reply[Entry]:
    """Return an entry with its ETag."""
    entry = draft.entry
    headers = {"ETag": f'"{entry.version}"'}
    if status == 201:
        headers["Location"] = f"/api/v1/entries/{entry.public_id}"
    return Reply(body_of(draft, notes), status, headers)


def body_of(draft: Draft, notes: tuple[ClockNote, ...] = ()) -> Entry:
    """Return an entry as programs get it."""
    entry, fields = draft.entry, draft.fields
    session().refresh(entry, ["modified_at", "published_at", "updated_at"])
    html, word_count = entry.html, entry.word_count
    if draft.copy is not None:
        rendered = render_fields(session(), fields, entry)
        html, word_count = rendered.html, rendered.word_count
    return Entry(
        id=str(entry.public_id),
        version=entry.version,
        kind=fields.kind,  # type: ignore[typeddict-item]  # the column's constraint knows no other
        state=draft.state,  # type: ignore[typeddict-item]  # the same
        is_changed=draft.copy is not None,
        title=fields.title,
        subtitle=fields.subtitle,
        slug=fields.slug or entry.slug,
        path=entry.path,
        url=current_site().absolute(entry.path) if entry.path else None,
        source=fields.source,
        html=html,
        front_matter=entry.front_matter,
        tags=list(fields.tags),
        series=fields.series,
        series_position=fields.series_position,
        description=fields.description,
        language=fields.language,
        canonical_url=fields.canonical_url,
        link_url=fields.link_url,
        authors=list(fields.authors),
        cover=_hash_of(fields.cover_media_id),
        cover_alt=fields.cover_alt,
        comments_open=fields.comments_open,
        published_at=written(fields.published_at),
        updated_at=written(entry.updated_at),
        modified_at=entry.modified_at.isoformat(),
        word_count=word_count,
        reading_minutes=reading_minutes(word_count),
        notes=[note.sentence for note in notes],
    )


def _hash_of(media_id: int | None) -> str | None:
    return session().scalars(select(Media.hash).where(Media.id == media_id)).first() if media_id else None


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    return str(value)
