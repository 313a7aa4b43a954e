"""Takes a whole text file, front matter included, as an entry: once, and again whenever the file has changed.

What the file says takes effect; what it leaves unsaid, and what it says as before, stays as it was decided here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from homeport.accounts.permissions import Member, Permission
from homeport.blog.actions import AuthorInput, EntryInput, create_entry, update_entry
from homeport.blog.drafts import Draft, draft_of, zone_of
from homeport.blog.fields import EntryFields, find_authors, input_of_fields
from homeport.blog.forms import MOST_SOURCE, NO_SUCH_FILE, FieldsError
from homeport.blog.models import Entry
from homeport.blog.publishing import publish
from homeport.blog.rendering import Target, Targets, targets_of
from homeport.blog.revisions import Wording, keep_revision
from homeport.blog.stated import Publication, restate_fields, restate_publication
from homeport.blog.writing import blank_fields
from homeport.errors import ConflictError
from homeport.exchange.frontwriter import FrontWriter
from homeport.exchange.readers import ReadFile
from homeport.exchange.textfiles import as_input, read_plain, with_changes
from homeport.media.models import Media
from homeport.site.actions import add_redirect
from homeport.text.frontmatter import split

_SERVED = re.compile(r"/media/([0-9a-f]{32})/")
NOWHERE = Target(None, None)
REPLACED = "before a file took its place"


class PublicEntryError(ConflictError):
    """Readers see the entry, and a file would make a draft of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IncomingFile:
    """A file, the stored files that its own references mean, and what is decided otherwise than it says."""

    text: str
    name: str = ""
    media: Mapping[str, str] = field(default_factory=dict)
    state: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry is to become by a file; `is_nothing` when it is that already.

    It `only_adds_files` when the text is the same, and pictures that led nowhere are there now.
    """

    given: EntryInput
    state: str
    is_nothing: bool
    only_adds_files: bool
    warnings: tuple[str, ...]
    old_paths: tuple[str, ...] = ()
    """Addresses that the file calls former ones, and did not before."""


def text_of(draft: Draft) -> str:
    """Return an entry as a file, as its author sees it; one without front matter gets some that says what is so."""
    return (_own_front_matter(draft) or _front_matter_for(draft)) + draft.fields.source


def create_by_file(session: Session, member: Member, slug: str, file: IncomingFile, *, address: str = "") -> Entry:
    """Make an entry of a file.

    Raises FieldsError, FileRefusedError, SlugTakenError.
    """
    text = read_plain(file.name or f"{slug}.md", file.text.encode(), zone_of(session))
    if "slug" in split(text.front_matter).data and text.post.slug != slug:
        raise FieldsError({"slug": f"The file calls itself “{text.post.slug}”, not “{slug}”."})
    state, at = file.state or text.post.state, file.at or text.post.published_at
    names = text.post.authors or blank_fields(session, member).authors
    given = as_input(session, text, slug=slug, kind=text.post.kind, state="draft", published_at=at)
    media = _media_ids(session, file.media)
    given = replace(
        given,
        authors=find_authors(session, names),
        cover_media_id=_cover(session, media, text.post.cover),
        targets={**given.targets, **_leading_to(media)},
        front_matter=_restated(text, state, at),
    )
    _check(member, given, own=(AuthorInput(member.display_name, member.author_slug),), old_paths=text.post.old_paths)
    entry = create_entry(session, given)
    _lead_here(session, entry, text.post.old_paths)
    _show(session, member, entry, state, at, address)
    return entry


def plan_change(session: Session, draft: Draft, file: IncomingFile) -> Change:
    """Say what a file would make of an entry: what differs between it and the entry as a file.

    Raises FieldsError, FileRefusedError.
    """
    entry, name, zone = draft.entry, file.name or f"{draft.entry.slug}.md", zone_of(session)
    after = read_plain(name, file.text.encode(), zone)
    # Front matter that was made up for a reader of the file is none that its author has written.
    is_made_up = not entry.front_matter and after.front_matter == _front_matter_for(draft)
    before_text = text_of(draft) if is_made_up else _own_front_matter(draft) + draft.fields.source
    before = read_plain(name, before_text.encode(), zone)
    now = replace(input_of_fields(session, draft.fields, entry), targets=targets_of(entry))
    media = _media_ids(session, file.media)
    given = with_changes(session, now, before, after)
    state, at = file.state or after.post.state, file.at or given.published_at
    is_same_cover = after.post.cover == before.post.cover and after.post.cover not in media
    given = replace(
        given,
        state=entry.state,
        published_at=at,
        cover_media_id=now.cover_media_id if is_same_cover else _cover(session, media, after.post.cover),
        targets={**given.targets, **_leading_to(media)},
        front_matter="" if is_made_up else _restated(after, state, at),
    )
    is_same_state = entry.state == state and draft.copy is None
    is_same = replace(given, targets={}) == replace(now, targets={}) and is_same_state
    adds_files = _without_files(given, now) == _without_files(now, now) and is_same_state
    leads_elsewhere = any(now.targets[key] != given.targets[key] for key in now.targets)
    old_paths = tuple(path for path in after.post.old_paths if path not in before.post.old_paths)
    warnings = tuple(each.reason for each in after.warnings)
    return Change(given, state, is_same and not leads_elsewhere, adds_files, warnings, old_paths)


def carry_out(session: Session, member: Member, draft: Draft, change: Change, *, address: str = "") -> None:
    """Let a locked entry become what was planned; what it said is kept.

    Raises PublicEntryError when readers would lose it by this, FieldsError, SlugTakenError.
    """
    entry, given = draft.entry, change.given
    if entry.state != "draft" and change.state == "draft":
        raise PublicEntryError("readers see this entry", hint="Unpublish it first if it shall be a draft again.")
    _check(member, given, own=find_authors(session, draft.own.authors), old_paths=change.old_paths)
    if draft.copy is not None:
        copy = Wording(draft.fields.title or None, entry.front_matter, draft.fields.source)
        keep_revision(session, entry.id, copy, reason=REPLACED, account_id=member.account_id)
        session.delete(draft.copy)
        session.flush()
    said = (entry.title, entry.source, entry.updated_at)
    update_entry(session, entry, given)
    _lead_here(session, entry, change.old_paths)
    is_news = said[:2] != (entry.title, entry.source) and said[2] == entry.updated_at
    if is_news and entry.state != "draft":
        entry.updated_at = func.now()
    _show(session, member, entry, change.state, given.published_at, address)


def _without_files(given: EntryInput, now: EntryInput) -> EntryInput:
    """Return what an entry would say without the files for places where it has none now."""
    empty = {key for key, target in now.targets.items() if target == NOWHERE}
    targets = {key: target for key, target in given.targets.items() if key in now.targets and key not in empty}
    return replace(given, targets=targets, cover_media_id=given.cover_media_id if now.cover_media_id else None)


def _show(session: Session, member: Member, entry: Entry, state: str, at: datetime | None, address: str) -> None:
    entry.changed_by_id = member.account_id
    session.flush()
    if state != "draft":
        draft = draft_of(session, entry)
        publish(session, member, draft, at=at, is_listed=state == "published", address=address)


def _lead_here(session: Session, entry: Entry, old_paths: tuple[str, ...]) -> None:
    """Let former addresses lead to an entry, but the one that it has now."""
    session.flush()
    for old in old_paths:
        if old != entry.path:
            add_redirect(session, old, entry_id=entry.id)


def _check(member: Member, given: EntryInput, *, own: tuple[AuthorInput, ...], old_paths: tuple[str, ...] = ()) -> None:
    """Refuse what the file's own limits let through: texts that are too long, and what only editors decide."""
    if len(given.source) > MOST_SOURCE:
        raise FieldsError({"markdown": f"The text is too long: {len(given.source):,} of {MOST_SOURCE:,} characters."})
    is_own = [author.slug for author in given.authors] == [author.slug for author in own]
    if not is_own and not member.may(Permission.EDIT):
        raise FieldsError({"authors": "Only editors can change whose names stand over an entry."})
    if old_paths and not member.may(Permission.EDIT):
        raise FieldsError(
            {"aliases": f"Only editors can let {old_paths[0]} lead to an entry; take it out of the file."}
        )


def _media_ids(session: Session, media: Mapping[str, str]) -> dict[str, int]:
    """Return the numbers of stored files by how the text refers to them."""
    rows = session.execute(select(Media.hash, Media.id).where(Media.hash.in_(media.values())))
    known = {row.hash: row.id for row in rows}
    faults = {f"media.{written}": NO_SUCH_FILE for written, digest in media.items() if digest not in known}
    if faults:
        raise FieldsError(faults)
    return {written: known[digest] for written, digest in media.items()}


def _leading_to(media: Mapping[str, int]) -> Targets:
    return {
        (kind, written): Target(None, media_id) for written, media_id in media.items() for kind in ("image", "link")
    }


def _cover(session: Session, media: Mapping[str, int], written: str) -> int | None:
    """Return the number of the file that the front matter calls the cover, if it is stored here."""
    if written in media:
        return media[written]
    digest = _SERVED.match(written)
    return session.scalars(select(Media.id).where(Media.hash == digest[1])).first() if digest else None


def _restated(text: ReadFile, state: str, at: datetime | None) -> str:
    """Return the front matter, saying what is decided about the publication where it says anything about that."""
    said, decided = Publication(text.post.state, text.post.published_at), Publication(state, at)
    return restate_publication(text.front_matter, said, decided)


def _own_front_matter(draft: Draft) -> str:
    return restate_fields(draft.entry.front_matter, draft.own, draft.fields)


def _front_matter_for(draft: Draft) -> str:
    entry, fields = draft.entry, draft.fields
    names = {key: [{"slug": name, "name": name, "title": name} for name in getattr(fields, key)] for key in _LISTS}
    series = [{"slug": fields.series, "title": fields.series}] if fields.series else []
    columns = {name: getattr(fields, name) for name in EntryFields.__dataclass_fields__}
    moments = {
        "published_at": fields.published_at.isoformat() if fields.published_at else None,
        "updated_at": entry.updated_at.isoformat() if entry.updated_at else None,
    }
    return FrontWriter({**names, "series": series}).write({**columns, **moments, "state": entry.state})


_LISTS = ("authors", "tags")
