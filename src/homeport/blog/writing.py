"""Saving what somebody writes: never over somebody else's words, and not before readers' eyes until it is meant so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from homeport.accounts.models import Account, Author
from homeport.accounts.permissions import Member, Permission
from homeport.blog.actions import PathTakenError, SlugTakenError, create_entry, rewrite_entry
from homeport.blog.addressing import SlugError, is_own_place, made_slug
from homeport.blog.drafts import Draft, lock_draft, zone_of
from homeport.blog.fields import EntryFields, author_named, fields_of, find_authors, input_of_fields
from homeport.blog.forms import NO_SUCH_FILE, FieldsError, as_form, read_form
from homeport.blog.merging import Base, Conflict, EditConflictError, is_same_form, merge_forms
from homeport.blog.models import Entry
from homeport.blog.naming import free_slug, is_named_by_itself, is_slug_taken
from homeport.blog.rendering import options_of, render_source, targets_of
from homeport.blog.revisions import Wording, keep_while_writing
from homeport.blog.rows import reading_minutes
from homeport.blog.scheduling import ClockNote
from homeport.blog.stated import restate_fields
from homeport.blog.targets import render_linked
from homeport.blog.taxonomy import drop_unused_tags
from homeport.blog.versions import WorkingCopy
from homeport.errors import InvalidError
from homeport.media.models import Media
from homeport.site.actions import site_of

Form = Mapping[str, str]

FIRST_VERSION = 1


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save led to; `is_changed` says that readers see something older."""

    public_id: UUID
    version: int
    saved_at: datetime
    word_count: int
    slug: str
    path: str
    state: str
    is_changed: bool
    notes: tuple[ClockNote, ...] = ()

    @property
    def reading_minutes(self) -> int:
        """Return the reading time in minutes."""
        return reading_minutes(self.word_count)


def blank_fields(session: Session, member: Member, kind: str = "article") -> EntryFields:
    """Return an empty form, signed by whoever opens it."""
    (own,) = find_authors(session, (member.display_name,))
    name = author_named(member.display_name, member.author_slug, is_shared=own.slug != member.author_slug)
    return EntryFields(kind=kind, authors=(name,))


def start_entry(session: Session, member: Member, typed: Form, *, public_id: UUID | None = None) -> Saved:
    """Store a new draft; one that has this id already, since its first answer was lost, is saved again.

    Raises FieldsError when something that was typed cannot be stored, EditConflictError when it has changed since.
    """
    if public_id and _is_started(session, public_id):
        return save_entry(session, member, public_id, typed, version=FIRST_VERSION)
    blank = blank_fields(session, member)
    typed = with_cover_number(session, typed)
    read = read_form(typed, blank, zone_of(session))
    _check_references(session, member, read.fields, blank)
    fields = read.fields
    if not fields.slug:
        made = made_slug(fields.title, fields.source, fields.kind, site_of(session).permalink_pattern)
        fields = replace(fields, slug=free_slug(session, made, fields.kind))
    entry = _store(session, None, fields, public_id=public_id)
    entry.changed_by_id = member.account_id
    session.flush()
    return saved_of(session, entry, None, read.notes)


def save_entry(
    session: Session, member: Member, public_id: UUID, typed: Form, *, version: int | None, base: Base | None = None
) -> Saved:
    """Store what was typed over `version` of an entry: a draft itself, or a working copy of what readers see.

    Raises EditConflictError when the entry has another version by now, FieldsError when something cannot be stored,
    NotFoundError, ForbiddenError, DeletedEntryError.
    """
    draft = lock_draft(session, member, public_id)
    return save_draft(session, member, draft, typed, version=version, base=base)


def save_draft(
    session: Session, member: Member, draft: Draft, typed: Form, *, version: int | None, base: Base | None = None
) -> Saved:
    """Do what `save_entry` does with an entry that is locked already."""
    entry, zone, typed = draft.entry, zone_of(session), with_cover_number(session, typed)
    shown = as_form(draft.fields, zone)
    if version is None:
        raise InvalidError("the form does not say which version it changes", hint="Open the entry again.")
    if is_same_form(typed, shown):
        return saved_of(session, entry, draft.copy)
    if version != entry.version:
        raise EditConflictError(_conflict(session, draft, typed, shown, base or Base()))
    read = read_form(typed, draft.fields, zone)
    if read.fields == draft.fields:
        return saved_of(session, entry, draft.copy, read.notes)
    _check_references(session, member, read.fields, draft.fields, entry_id=entry.id)
    if (read.fields.title, read.fields.source) != (draft.fields.title, draft.fields.source):
        said = Wording(draft.fields.title or None, entry.front_matter, draft.fields.source)
        keep_while_writing(session, entry.id, said, member.account_id)
    copy = keep_fields(session, draft, read.fields, member.account_id)
    return saved_of(session, entry, copy, read.notes)


def with_cover_number(session: Session, typed: Form) -> Form:
    """Return the form with the number of its cover, where somebody has given its path in the media library."""
    written = typed.get("cover_media_id", "").strip()
    digest = next((part for part in written.split("/") if re.fullmatch(r"[0-9a-f]{32}", part)), "")
    number = session.scalars(select(Media.id).where(Media.hash == digest)).first() if digest else None
    return {**typed, "cover_media_id": str(number)} if number else typed


def keep_fields(session: Session, draft: Draft, fields: EntryFields, account_id: int | None) -> WorkingCopy | None:
    """Let an entry have these fields: a draft itself, anything else in its working copy, which is returned."""
    entry = draft.entry
    entry.changed_by_id = account_id
    if entry.state == "draft":
        store_fields(session, entry, fields)
        return None
    entry.version += 1
    fields = replace(fields, slug=fields.slug or entry.slug)
    if fields == draft.own:
        if draft.copy:
            session.delete(draft.copy)
        session.flush()
        return None
    copy = draft.copy or WorkingCopy(entry_id=entry.id)
    copy.fields, copy.base = fields.as_json(), draft.own.as_json()
    copy.account_id, copy.saved_at = account_id, func.now()
    session.add(copy)
    session.flush()
    session.refresh(copy, ["saved_at"])
    return copy


def store_fields(session: Session, entry: Entry, fields: EntryFields) -> Entry:
    """Let an entry itself say what the fields say.

    Raises FieldsError when its address is taken.
    """
    if fields.slug in ("", entry.slug) and is_named_by_itself(session, entry):
        made = made_slug(fields.title, fields.source, fields.kind, site_of(session).permalink_pattern)
        fields = replace(fields, slug=free_slug(session, made, fields.kind, entry_id=entry.id))
    before = {tagging.tag_id for tagging in entry.taggings}
    _store(session, entry, fields)
    if entry.state == "draft" and (left := before - {tagging.tag_id for tagging in entry.taggings}):
        drop_unused_tags(session, left)
    return entry


def saved_of(session: Session, entry: Entry, copy: WorkingCopy | None, notes: tuple[ClockNote, ...] = ()) -> Saved:
    """Return what a client is told of an entry that was stored."""
    session.refresh(entry, ["modified_at"])
    return Saved(
        public_id=entry.public_id,
        version=entry.version,
        saved_at=copy.saved_at if copy else entry.modified_at,
        word_count=_count_words(session, copy) if copy else entry.word_count,
        slug=copy.fields["slug"] if copy else entry.slug,
        path=entry.path or "",
        state=entry.state,
        is_changed=copy is not None,
        notes=notes,
    )


def _is_started(session: Session, public_id: UUID) -> bool:
    # Whoever sends the same a moment later waits here until the first has stored it.
    key = int.from_bytes(public_id.bytes[:8], "big", signed=True)
    session.execute(select(func.pg_advisory_xact_lock(key)))
    return session.scalars(select(Entry.id).where(Entry.public_id == public_id)).first() is not None


def _store(session: Session, entry: Entry | None, fields: EntryFields, *, public_id: UUID | None = None) -> Entry:
    if fields.cover_media_id and not _has_media(session, fields.cover_media_id):
        raise FieldsError({"cover_media_id": NO_SUCH_FILE})
    given = input_of_fields(session, fields, entry)
    known = targets_of(entry) if entry else {}
    rendered, targets = render_linked(
        session, given.source, options_of(site_of(session)), title=given.title or "", known=known
    )
    given = replace(given, rendered=rendered, targets=targets, public_id=public_id or given.public_id)
    if entry and entry.front_matter:
        given = replace(given, front_matter=restate_fields(entry.front_matter, fields_of(session, entry), fields))
    try:
        with session.begin_nested():
            return rewrite_entry(session, entry, given) if entry else create_entry(session, given)
    except (SlugTakenError, PathTakenError) as error:
        raise FieldsError({"slug": _taken(fields.slug)}) from error
    except SlugError as error:
        raise FieldsError({"slug": f"{error}. {error.hint}"}) from error


def _check_references(
    session: Session, member: Member, fields: EntryFields, before: EntryFields, *, entry_id: int | None = None
) -> None:
    """Refuse what only the database can know to be wrong."""
    faults = {}
    if fields.slug and is_own_place(fields.kind, fields.slug, site_of(session).permalink_pattern):
        faults["slug"] = f"The site itself answers at “/{fields.slug}”. Choose another address."
    elif fields.slug not in ("", before.slug) and is_slug_taken(session, fields.slug, fields.kind, entry_id=entry_id):
        faults["slug"] = _taken(fields.slug)
    if fields.cover_media_id not in (None, before.cover_media_id) and not _has_media(session, fields.cover_media_id):
        faults["cover_media_id"] = NO_SUCH_FILE
    if not member.may(Permission.EDIT) and _slugs(session, fields) != _slugs(session, before):
        faults["authors"] = "Only editors can change whose names stand over an entry."
    if faults:
        raise FieldsError(faults)


def _taken(slug: str) -> str:
    return f"Another entry has the address “{slug}” already. Choose another."


def _has_media(session: Session, media_id: int | None) -> bool:
    return session.scalars(select(Media.id).where(Media.id == media_id)).first() is not None


def _slugs(session: Session, fields: EntryFields) -> list[str]:
    return [author.slug for author in find_authors(session, fields.authors)]


def _conflict(session: Session, draft: Draft, typed: Form, shown: dict[str, str], base: Base) -> Conflict:
    who = session.scalars(
        select(Author.name).join(Account, Account.author_id == Author.id).where(Account.id == draft.entry.changed_by_id)
    ).one_or_none()
    return Conflict(
        version=draft.entry.version,
        theirs=shown,
        merged=merge_forms(typed, shown, base, who or ""),
        changed_by=who or "",
        changed_at=draft.entry.modified_at,
    )


def _count_words(session: Session, copy: WorkingCopy) -> int:
    options = options_of(site_of(session))
    return render_source(session, copy.fields["source"], {}, options, title=copy.fields["title"]).word_count
