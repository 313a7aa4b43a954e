"""What the audit log says of entries: who let readers see them, and who took them away."""

from sqlalchemy.orm import Session

from homeport.accounts.audit import Actor, note
from homeport.blog.models import Entry

_BECAME = {"published": "entry.published", "unlisted": "entry.unlisted", "draft": "entry.unpublished"}


def note_entry(session: Session, actor: Actor, entry: Entry, action: str, **details: str) -> None:
    """Write into the caller's transaction what was done to an entry."""
    subject = entry.title or entry.slug
    note(session, actor, action, subject, entry=str(entry.public_id), path=entry.path, **details)


def note_state(session: Session, actor: Actor, entry: Entry, was: str = "draft") -> None:
    """Write down that readers see an entry otherwise than before, when it `was` in another state; else nothing."""
    if entry.state != was:
        note_entry(session, actor, entry, _BECAME[entry.state])
