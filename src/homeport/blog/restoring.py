"""Looking at what an entry used to say, and going back to it."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from homeport.accounts.models import Account, Author
from homeport.accounts.permissions import Member
from homeport.blog.drafts import Draft
from homeport.blog.revisions import Wording, keep_revision
from homeport.blog.versions import EntryRevision
from homeport.blog.writing import keep_fields
from homeport.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class RevisionCard:
    """A revision in the list; `author` is empty when nobody knows any more whose save it came from."""

    number: int
    title: str
    length: int
    reason: str
    is_public: bool
    author: str
    created_at: datetime


def list_revisions(session: Session, entry_id: int) -> tuple[RevisionCard, ...]:
    """Return an entry's revisions, the newest first, without their texts."""
    rows = session.execute(
        select(
            EntryRevision.number,
            func.coalesce(EntryRevision.title, "").label("title"),
            func.length(EntryRevision.source).label("length"),
            EntryRevision.reason,
            EntryRevision.is_public,
            func.coalesce(Author.name, "").label("author"),
            EntryRevision.created_at,
        )
        .outerjoin(Account, Account.id == EntryRevision.account_id)
        .outerjoin(Author, Author.id == Account.author_id)
        .where(EntryRevision.entry_id == entry_id)
        .order_by(EntryRevision.number.desc(), EntryRevision.id.desc())
    ).mappings()
    return tuple(RevisionCard(**row) for row in rows)


def find_revision(session: Session, entry_id: int, number: int) -> EntryRevision:
    """Return one revision of an entry.

    Raises NotFoundError.
    """
    chosen = select(EntryRevision).where(EntryRevision.entry_id == entry_id, EntryRevision.number == number)
    found = session.scalars(chosen.order_by(EntryRevision.id.desc())).first()
    if found is None:
        raise NotFoundError("there is no such revision")
    return found


def restore_revision(session: Session, member: Member, draft: Draft, number: int) -> None:
    """Let a locked entry's draft say what it said in a revision; what it says now becomes one.

    Readers see nothing of it before it is published. Raises NotFoundError.
    """
    revision = find_revision(session, draft.entry.id, number)
    said = Wording(draft.fields.title or None, draft.entry.front_matter, draft.fields.source)
    keep_revision(session, draft.entry.id, said, reason=f"before going back to {number}", account_id=member.account_id)
    fields = replace(draft.fields, title=revision.title or "", source=revision.source)
    keep_fields(session, draft, fields, member.account_id)
