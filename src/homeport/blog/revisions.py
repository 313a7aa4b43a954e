"""What entries used to say: kept now and then while somebody writes, always when it was public, and bounded."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Row, and_, delete, func, select
from sqlalchemy.orm import Session

from homeport.blog.models import Entry
from homeport.blog.versions import EntryRevision

KEPT = 100
"""Revisions of one entry. Those that readers have seen stay; of the others the oldest go first."""

WHILE_WRITING = timedelta(minutes=10)
"""How often one account's saves leave a revision behind."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What an entry says at one moment."""

    title: str | None
    front_matter: str
    source: str

    @classmethod
    def of(cls, entry: Entry) -> "Wording":
        """Return what an entry says now."""
        return cls(entry.title, entry.front_matter, entry.source)


def keep_revision(
    session: Session,
    entry_id: int,
    said: Wording,
    *,
    reason: str = "",
    account_id: int | None = None,
    is_public: bool = False,
) -> None:
    """Remember what an entry says, unless that is what was remembered last."""
    newest = _newest(session, entry_id, said)
    if newest is not None and newest.is_same:
        if is_public and not newest.is_public:
            session.get_one(EntryRevision, newest.id).is_public = True
        return
    session.add(
        EntryRevision(
            entry_id=entry_id,
            number=(newest.number if newest else 0) + 1,
            title=said.title,
            front_matter=said.front_matter,
            source=said.source,
            reason=reason,
            is_public=is_public,
            account_id=account_id,
        )
    )
    session.flush()
    _prune(session, entry_id)


def keep_while_writing(session: Session, entry_id: int, said: Wording, account_id: int | None) -> None:
    """Remember what an entry says before a save replaces it, if this account's last revision is some minutes old."""
    recent = select(EntryRevision.id).where(
        EntryRevision.entry_id == entry_id,
        EntryRevision.account_id == account_id,
        EntryRevision.created_at > func.now() - WHILE_WRITING,
    )
    if session.scalars(recent.limit(1)).first() is None:
        keep_revision(session, entry_id, said, account_id=account_id)


def _newest(session: Session, entry_id: int, said: Wording) -> Row[int, int, bool, bool] | None:
    is_same = and_(
        EntryRevision.title.is_not_distinct_from(said.title),
        EntryRevision.front_matter == said.front_matter,
        EntryRevision.source == said.source,
    )
    newest = select(EntryRevision.id, EntryRevision.number, EntryRevision.is_public, is_same.label("is_same"))
    return session.execute(
        newest.where(EntryRevision.entry_id == entry_id).order_by(EntryRevision.number.desc(), EntryRevision.id.desc())
    ).first()


def _prune(session: Session, entry_id: int) -> None:
    of_entry = EntryRevision.entry_id == entry_id
    too_many = select(func.greatest(func.count() - KEPT, 0)).where(of_entry).scalar_subquery()
    oldest = select(EntryRevision.id).where(of_entry, EntryRevision.is_public.is_(False))
    chosen = oldest.order_by(EntryRevision.number, EntryRevision.id).limit(too_many)
    session.execute(
        delete(EntryRevision).where(EntryRevision.id.in_(chosen)).execution_options(synchronize_session=False)
    )
