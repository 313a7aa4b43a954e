"""Opening an entry as its author sees it: with what is written over it, and only for those who may change it."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from homeport.accounts.permissions import Member
from homeport.blog.actions import LOADS
from homeport.blog.fields import EntryFields, fields_of
from homeport.blog.merging import merge_fields
from homeport.blog.models import Entry
from homeport.blog.scheduling import is_later
from homeport.blog.versions import WorkingCopy
from homeport.errors import ConflictError, ForbiddenError, NotFoundError
from homeport.site.actions import site_of


class DeletedEntryError(ConflictError):
    """The entry was deleted, so nothing about it can be changed before it is restored."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry with the fields that its author goes on writing in; `copy` is there when its `own` are others."""

    entry: Entry
    own: EntryFields
    fields: EntryFields
    copy: WorkingCopy | None

    @property
    def state(self) -> str:
        """Return the state as the studio names it: `scheduled` and `deleted` too."""
        entry = self.entry
        if entry.deleted_at is not None:
            return "deleted"
        return "scheduled" if entry.state != "draft" and is_later(entry.published_at) else entry.state


def open_draft(session: Session, member: Member, public_id: UUID) -> Draft:
    """Return an entry to look at, deleted or not.

    Raises NotFoundError, and ForbiddenError when it is not this member's to change.
    """
    return _open(session, member, public_id, is_locked=False)


def lock_draft(session: Session, member: Member, public_id: UUID, *, is_deleted: bool = False) -> Draft:
    """Return an entry to change; whoever else wants to change it waits until this transaction ends.

    Raises NotFoundError, ForbiddenError, and DeletedEntryError unless that is what is expected.
    """
    draft = _open(session, member, public_id, is_locked=True)
    if draft.entry.deleted_at is not None and not is_deleted:
        raise DeletedEntryError("this entry was deleted", hint="Restore it first; what you typed is still here.")
    if draft.entry.deleted_at is None and is_deleted:
        raise ConflictError("this entry is not deleted")
    return draft


def draft_of(session: Session, entry: Entry) -> Draft:
    """Return an entry, whose permission has been seen to, with the fields that its author goes on writing in."""
    own = fields_of(session, entry)
    copy = session.get(WorkingCopy, entry.id, populate_existing=True)
    if copy is None:
        return Draft(entry, own, own, None)
    fields, base = EntryFields.from_json(copy.fields), EntryFields.from_json(copy.base)
    return Draft(entry, own, fields if base == own else merge_fields(base, fields, own), copy)


def zone_of(session: Session) -> ZoneInfo:
    """Return the time zone that the author's clock shows."""
    return ZoneInfo(site_of(session).time_zone)


def _open(session: Session, member: Member, public_id: UUID, *, is_locked: bool) -> Draft:
    chosen = select(Entry).where(Entry.public_id == public_id).options(*LOADS)
    if is_locked:
        chosen = chosen.with_for_update(of=Entry).execution_options(populate_existing=True)
    entry = session.scalars(chosen).one_or_none()
    if entry is None:
        raise NotFoundError("there is no such entry")
    author_ids = [byline.author_id for byline in entry.bylines]
    if not (member.may_change(author_ids) if is_locked else member.may_see(author_ids)):
        raise ForbiddenError("this entry is somebody else's", hint="An editor can change it.")
    return draft_of(session, entry)
