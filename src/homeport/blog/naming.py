"""Addresses that nobody has chosen: made from the title as long as no reader can know them."""

import re
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from homeport.blog.addressing import FALLBACK_SLUG, made_slug, path_for
from homeport.blog.models import Entry
from homeport.site.actions import site_of
from homeport.site.models import Redirect
from homeport.site.permalinks import is_reserved
from homeport.text.slugs import MAX_LENGTH


def free_slug(session: Session, wanted: str, kind: str, *, entry_id: int | None = None) -> str:
    """Return a slug, with a number behind it where another entry has it already."""
    stem = wanted[: MAX_LENGTH - 6].rstrip("-")
    is_page = Entry.kind == "page"
    taken = set(
        session.scalars(
            select(Entry.slug).where(
                is_page.is_(kind == "page"),
                Entry.slug.startswith(stem, autoescape=True),
                Entry.deleted_at.is_(None),
                Entry.id != (entry_id or 0),
            )
        )
    )
    if wanted not in taken:
        return wanted
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{stem}-{number}") not in taken)


def free_address(session: Session, entry: Entry) -> tuple[str, str | None]:
    """Return the slug and path that an entry can come back to: its own, or numbered ones if others live there."""
    site, wanted = site_of(session), entry.slug
    for number in count(2):
        slug = free_slug(session, wanted, entry.kind, entry_id=entry.id)
        path = path_for(site, entry.kind, slug, entry.published_at)
        taken = select(Entry.id).where(Entry.path == path, Entry.deleted_at.is_(None), Entry.id != entry.id)
        if path is None or not (is_reserved(path) or session.scalars(taken.limit(1)).first()):
            return slug, path
        wanted = f"{entry.slug[: MAX_LENGTH - 6]}-{number}"
    raise AssertionError


def is_slug_taken(session: Session, slug: str, kind: str, *, entry_id: int | None = None) -> bool:
    """Say whether another entry has this slug."""
    is_page = Entry.kind == "page"
    taken = select(Entry.id).where(is_page.is_(kind == "page"), Entry.slug == slug, Entry.deleted_at.is_(None))
    return session.scalars(taken.where(Entry.id != (entry_id or 0)).limit(1)).first() is not None


def is_named_by_itself(session: Session, entry: Entry) -> bool:
    """Say whether an entry's slug may change with its title: nobody has chosen it, and no reader can know it."""
    if entry.state != "draft":
        return False
    stem = re.sub(r"-\d+$", "", entry.slug)
    pattern = site_of(session).permalink_pattern
    made = {made_slug(entry.title, source, entry.kind, pattern) for source in (entry.source, "")} | {FALLBACK_SLUG}
    if entry.slug not in made and stem not in made:
        return False
    return session.scalars(select(Redirect.id).where(Redirect.entry_id == entry.id).limit(1)).first() is None
