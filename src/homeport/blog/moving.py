"""Where entries live, by the site's pattern of now, and how what readers knew before leads there."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from homeport.blog.addressing import SlugError, path_for
from homeport.blog.models import Entry
from homeport.blog.rendering import ids_referring_to, options_of, rerender_entries
from homeport.site.actions import SiteSettingError, add_redirect, forget_redirect, site_of
from homeport.site.models import Site
from homeport.site.permalinks import is_reserved

MOST_NAMED = 5
"""So many entries are named in one sentence; nobody reads more before the next try."""


def address_of(site: Site, entry: Entry) -> str | None:
    """Return the path at which an entry lives, or None while it lacks the date that the pattern needs.

    Raises SlugError where the site itself answers: nobody could ever read the entry there.
    """
    path = path_for(site, entry.kind, entry.slug, entry.published_at)
    if path and is_reserved(path):
        kind = "page" if entry.kind == "page" else "post"
        raise SlugError(f"{path} belongs to the site itself", hint=f"Give the {kind} another slug than {entry.slug}.")
    return path


def readdress_all(session: Session) -> None:
    """Give every post the address of the site's pattern; where readers have seen it leads there.

    Raises SiteSettingError, which names the posts, when some would live where a page or the site itself does.
    """
    site, now = site_of(session), database_now(session)
    posts = session.scalars(
        select(Entry).where(Entry.deleted_at.is_(None), Entry.kind != "page").order_by(Entry.id)
    ).all()
    paths = {entry.id: path_for(site, entry.kind, entry.slug, entry.published_at) for entry in posts}
    moving = [entry for entry in posts if entry.path != paths[entry.id]]
    _refuse_collisions(session, {path for entry in moving if (path := paths[entry.id])})
    for entry in moving:
        before, entry.path = seen_path(entry, now), paths[entry.id]
        if before:
            remember(session, before, entry)
        welcome(session, entry)
    session.flush()
    rerender_entries(session, ids_referring_to(session, [entry.id for entry in moving]), options_of(site))


def seen_path(entry: Entry, now: datetime) -> str | None:
    """Return the address at which readers can see the entry, or None: a draft and a date to come have shown nobody."""
    is_seen = entry.state != "draft" and entry.published_at is not None and entry.published_at <= now
    return entry.path if is_seen else None


def remember(session: Session, path: str, entry: Entry) -> None:
    """Let a path that readers know lead to the entry, wherever it will live."""
    add_redirect(session, path, entry_id=entry.id)


def welcome(session: Session, entry: Entry) -> None:
    """Let an entry that readers may see win over what its address led to before."""
    if entry.path and entry.state != "draft":
        forget_redirect(session, entry.path)


def database_now(session: Session) -> datetime:
    """Return the moment by the database's clock, by which things are public or not."""
    return session.execute(select(func.now())).scalar_one()


def _refuse_collisions(session: Session, paths: set[str]) -> None:
    pages = select(Entry.path).where(Entry.kind == "page", Entry.deleted_at.is_(None), Entry.path.in_(paths))
    taken = set(session.scalars(pages))
    if faults := [
        *(f"{path} (the site's own)" for path in sorted(paths) if is_reserved(path)),
        *(f"{path} (a page)" for path in sorted(paths) if path in taken),
    ]:
        raise SiteSettingError(
            f"permalink_pattern: {len(faults)} {'post' if len(faults) == 1 else 'posts'} would live "
            f"where something else does: {_some(faults)}",
            hint="Give them other slugs first, or choose another pattern.",
        )


def _some(faults: Iterable[str]) -> str:
    named = list(faults)
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return ", ".join(named[:MOST_NAMED]) + more
