"""Which entries show a file, and what becomes of them when it changes or goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, select, true, union, update
from sqlalchemy.orm import Session

from homeport.blog.actions import rerender
from homeport.blog.models import Byline, Entry, Reference
from homeport.db.session import Database
from homeport.errors import ConflictError
from homeport.jobs.queue import enqueue
from homeport.media.models import Media
from homeport.settings import Settings

SETTLING = timedelta(seconds=3)
"""So long an entry waits for more of its pictures: with twenty of them it is made anew a few times, not twenty."""


class MediaInUseError(ConflictError):
    """Entries show the file; `uses` names them."""

    def __init__(self, name: str, uses: tuple["MediaUse", ...]) -> None:
        titles = ", ".join(f"“{use.title}”" for use in uses[:3])
        more = f" and {len(uses) - 3} more" if len(uses) > 3 else ""
        super().__init__(f"{name} is used in {titles}{more}.", hint="Deleted, it leaves a gap there.")
        self.uses = uses


@dataclass(frozen=True, slots=True)
class MediaUse:
    """One entry that shows a file, in its text or above it."""

    title: str
    href: str


def list_media_uses(
    connection: Connection, media_ids: Iterable[int], *, author_id: int | None = None
) -> dict[int, tuple[MediaUse, ...]]:
    """Return the entries that show each of these files, deleted entries aside.

    With `author_id`, what others have not published keeps its title to itself.
    """
    wanted = list(media_ids)
    in_text = select(Reference.to_media_id.label("media_id"), Reference.entry_id).where(
        Reference.to_media_id.in_(wanted)
    )
    above = select(Entry.cover_media_id, Entry.id).where(Entry.cover_media_id.in_(wanted))
    places = union(in_text, above).subquery()
    is_own = exists().where(Byline.entry_id == Entry.id, Byline.author_id == author_id)
    is_public = and_(Entry.state != "draft", Entry.published_at <= func.now())
    columns = (
        Entry.public_id,
        Entry.path,
        func.coalesce(Entry.title, func.left(Entry.excerpt, 60)).label("title"),
        (is_own if author_id is not None else true()).label("is_own"),
        is_public.label("is_public"),
    )
    chosen = select(places.c.media_id, *columns).join(Entry, Entry.id == places.c.entry_id)
    rows = connection.execute(chosen.where(Entry.deleted_at.is_(None)).order_by(Entry.id.desc()))
    found: dict[int, tuple[MediaUse, ...]] = {}
    for row in rows:
        found[row.media_id] = (*found.get(row.media_id, ()), _use(row))
    return found


def delete_media(session: Session, media: Media, *, although_used: bool = False) -> None:
    """Delete a file and its bytes; the entries that showed it are made anew, with a gap.

    Raises MediaInUseError, unless that is known.
    """
    uses = list_media_uses(session.connection(), [media.id]).get(media.id, ())
    if uses and not although_used:
        raise MediaInUseError(media.name, uses)
    showing = _ids_showing(session, media.id)
    session.execute(update(Reference).where(Reference.to_media_id == media.id).values(to_media_id=None))
    session.execute(update(Entry).where(Entry.cover_media_id == media.id).values(cover_media_id=None))
    session.delete(media)
    session.flush()
    rerender(session, showing)


def follow_media(database: Database, _settings: Settings, payload: dict[str, Any]) -> None:
    """Have every entry that shows a file made anew: its description or its forms have changed."""
    with database.transaction() as session:
        soon: datetime = session.execute(select(func.now() + SETTLING)).scalar_one()
        for entry_id in _ids_showing(session, payload["media_id"]):
            enqueue(session, "blog.rerender", {"entry_id": entry_id}, run_at=soon, key=f"blog.rerender {entry_id}")


def rerender_entry(database: Database, _settings: Settings, payload: dict[str, Any]) -> None:
    """Render one entry again; its row is held, so that a text saved at this moment is not overtaken."""
    with database.transaction() as session:
        chosen = select(Entry.id).where(Entry.id == payload["entry_id"], Entry.deleted_at.is_(None))
        if session.execute(chosen.with_for_update()).one_or_none() is not None:
            rerender(session, [payload["entry_id"]])


def _use(row: Row[Any]) -> MediaUse:
    if row.is_own:
        return MediaUse(row.title or "Untitled", f"/studio/entries/{row.public_id}")
    if row.is_public and row.path:
        return MediaUse(row.title or "Untitled", row.path)
    return MediaUse("somebody else’s draft", "")


def _ids_showing(session: Session, media_id: int) -> list[int]:
    chosen = select(Reference.entry_id).where(Reference.to_media_id == media_id).distinct()
    return list(session.scalars(chosen.order_by(Reference.entry_id)))
