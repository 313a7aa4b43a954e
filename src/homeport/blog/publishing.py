"""Showing entries to readers, hiding them, taking them away and back: by who may, and noted in the audit log."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from homeport.accounts.audit import Actor
from homeport.accounts.permissions import Member
from homeport.blog import actions
from homeport.blog.drafts import Draft, lock_draft
from homeport.blog.fields import UNTITLED_KINDS
from homeport.blog.forms import FieldsError
from homeport.blog.models import Entry
from homeport.blog.naming import free_address
from homeport.blog.noting import note_entry
from homeport.blog.revisions import Wording, keep_revision
from homeport.blog.scheduling import is_later
from homeport.blog.stated import Publication, restate_publication
from homeport.blog.writing import store_fields
from homeport.site.actions import bring_back
from homeport.text.merging import has_marks

UNDO = timedelta(days=30)
"""How long a deleted entry can be restored."""


def publish(
    session: Session,
    member: Member,
    draft: Draft,
    *,
    at: datetime | None = None,
    is_listed: bool = True,
    address: str = "",
) -> Entry:
    """Show a locked entry to readers as its author sees it, at `at`, or now when it has no date in the past.

    Raises FieldsError when it has no title, or when a change from elsewhere has met this one unseen.
    """
    entry, fields = draft.entry, draft.fields
    if not fields.title and fields.kind not in UNTITLED_KINDS:
        raise FieldsError({"title": "Give it a title before it is published. Only notes, links and quotes need none."})
    if draft.copy and has_marks(fields.source) and not has_marks(draft.copy.fields["source"]):
        raise FieldsError({"source": "This was changed elsewhere too. Choose at the marks what shall stand, and save."})
    before = Publication.of(entry)
    _take_over(session, draft)
    actions.publish_entry(session, entry, at)
    if not is_listed:
        entry.state = "unlisted"
    _state(entry, before)
    entry.changed_by_id = member.account_id
    keep_revision(session, entry.id, Wording.of(entry), account_id=member.account_id, is_public=True)
    action = "entry.published" if before.state == "draft" else "entry.changed"
    note_entry(session, Actor.of(member, address), entry, action, published_at=_written(entry.published_at))
    return entry


def unpublish(session: Session, member: Member, public_id: UUID, *, address: str = "") -> Entry:
    """Take an entry back into the drafts, with what has been written over it.

    A date to come goes: it would schedule the entry again, unseen, when it is published the next time.
    """
    draft = lock_draft(session, member, public_id)
    before = Publication.of(draft.entry)
    actions.unpublish_entry(session, draft.entry)
    _take_over(session, draft)
    if is_later(draft.entry.published_at):
        draft.entry.published_at = None
        session.flush()
    _state(draft.entry, before)
    note_entry(session, Actor.of(member, address), draft.entry, "entry.unpublished")
    return draft.entry


def unlist(session: Session, member: Member, public_id: UUID, *, address: str = "") -> Entry:
    """Keep an entry at its address but out of every list."""
    draft = lock_draft(session, member, public_id)
    if draft.entry.state == "draft":
        return publish(session, member, draft, is_listed=False, address=address)
    before = Publication.of(draft.entry)
    actions.unlist_entry(session, draft.entry)
    _state(draft.entry, before)
    note_entry(session, Actor.of(member, address), draft.entry, "entry.unlisted")
    return draft.entry


def delete_entry(session: Session, member: Member, public_id: UUID, *, address: str = "") -> Entry:
    """Take an entry away; for 30 days it can be restored."""
    entry = lock_draft(session, member, public_id).entry
    actions.delete_entry(session, entry)
    note_entry(session, Actor.of(member, address), entry, "entry.deleted")
    return entry


def restore_entry(session: Session, member: Member, public_id: UUID, *, address: str = "") -> Entry:
    """Undo a deletion: the entry is what it was, and its addresses lead to it again.

    What became due while it was deleted comes back as a draft, so that nothing appears by an undo. Where another entry
    has taken its slug, it gets one with a number.
    """
    entry = lock_draft(session, member, public_id, is_deleted=True).entry
    now = session.execute(select(func.now())).scalar_one()
    is_overdue = entry.published_at and entry.deleted_at and entry.deleted_at < entry.published_at <= now
    if entry.state != "draft" and is_overdue:
        entry.state = "draft"
    slug, path = free_address(session, entry)
    # All in one flush: at its former address another entry may live by now.
    entry.slug, entry.path, entry.deleted_at = slug, path, None
    session.flush()
    bring_back(session, entry.id)
    actions.readdress(session, entry)
    if entry.state != "draft" and entry.published_at and entry.published_at > now:
        actions.announce_later(session, entry, entry.published_at)
    note_entry(session, Actor.of(member, address), entry, "entry.restored")
    return entry


def purge_deleted(session: Session) -> int:
    """Delete for good what was deleted 30 days ago; return how many entries. Their addresses stay gone."""
    gone = list(session.scalars(select(Entry.id).where(Entry.deleted_at < func.now() - UNDO)))
    session.execute(
        update(Entry)
        .where(Entry.translation_of_id.in_(gone))
        .values(translation_of_id=None, modified_at=Entry.modified_at)
    )
    session.execute(delete(Entry).where(Entry.id.in_(gone)))
    return len(gone)


def _take_over(session: Session, draft: Draft) -> None:
    """Let the entry say what was written over it; readers are told that it was updated."""
    if draft.copy is None:
        return
    entry, said = draft.entry, (draft.entry.title, draft.entry.source)
    was_public = entry.state != "draft"
    keep_revision(session, entry.id, Wording.of(entry), is_public=was_public)
    session.delete(draft.copy)
    store_fields(session, entry, draft.fields)
    if was_public and said != (entry.title, entry.source):
        entry.updated_at = func.now()
        session.flush()


def _state(entry: Entry, before: Publication) -> None:
    entry.front_matter = restate_publication(entry.front_matter, before, Publication.of(entry))


def _written(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
