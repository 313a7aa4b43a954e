"""Entries for programs: listed, written, read, changed, published, taken away and back."""

from uuid import UUID

from homeport.accounts.guard import signed_in
from homeport.accounts.permissions import Permission
from homeport.accounts.visitors import address_of_request
from homeport.api.entry_bodies import (
    Copy,
    Entry,
    EntryCard,
    EntryChanges,
    EntryPage,
    EntryQuery,
    NewEntry,
    Publication,
)
from homeport.api.entry_forms import as_typed, entry_id, reply_of
from homeport.api.operations import Reply, Section
from homeport.api.versions import Version
from homeport.api.words import DEFAULT_LIMIT, written
from homeport.blog import publishing
from homeport.blog.drafts import draft_of, lock_draft, open_draft, zone_of
from homeport.blog.forms import NAMES
from homeport.blog.queries.shelf import ShelfEntry, Wish, list_entries
from homeport.blog.scheduling import read_local
from homeport.blog.writing import keep_fields, save_draft, start_entry
from homeport.errors import NotFoundError
from homeport.site.views import current_site
from homeport.web.database import reader, session

section = Section("Entries", "Posts and pages. An entry is called by its id or by its slug.")


@section.operation("GET", "/entries", Permission.READ)
def list_all(query: EntryQuery) -> EntryPage:
    """List entries, the latest change first: everybody's for editors, otherwise one's own."""
    member = signed_in()
    wish = Wish(
        state=query.get("state", ""),
        kind=query.get("kind", ""),
        words=query.get("q", ""),
        tag=query.get("tag", ""),
        author=query.get("author", ""),
        author_id=None if member.sees_all else member.author_id,
    )
    limit = query.get("limit", DEFAULT_LIMIT)
    entries, older = list_entries(reader(), wish, before=query.get("after", ""), limit=limit)
    return EntryPage(entries=[_card(entry) for entry in entries], next=older)


@section.operation("POST", "/entries", Permission.WRITE, statuses=(201,), refuses=(409, 412))
def create(body: NewEntry) -> Reply[Entry]:
    """Make a draft. Without a slug it gets one from its title, and without authors one's own name."""
    public_id = UUID(body["id"]) if "id" in body else None
    typed = as_typed({name: value for name, value in body.items() if name != "id"})
    saved = start_entry(session(), signed_in(), typed, public_id=public_id)
    return reply_of(open_draft(session(), signed_in(), saved.public_id), status=201, notes=saved.notes)


@section.operation("GET", "/entries/<entry>", Permission.READ)
def read(entry: str) -> Reply[Entry]:
    """Read an entry as its author sees it."""
    return reply_of(open_draft(session(), signed_in(), entry_id(entry)))


@section.operation("PATCH", "/entries/<entry>", Permission.WRITE, refuses=(409,))
def change(entry: str, body: EntryChanges, version: Version) -> Reply[Entry]:
    """Change some fields. Of an entry that is public they change a working copy, which publishing shows to readers.

    When somebody else has changed it since, the answer is 412 with their text and with both together.
    """
    member = signed_in()
    draft = lock_draft(session(), member, entry_id(entry))
    saved = save_draft(session(), member, draft, as_typed(body), version=version.based_on(draft.entry.version))
    return reply_of(draft_of(session(), draft.entry), notes=saved.notes)


@section.operation("DELETE", "/entries/<entry>", Permission.WRITE, refuses=(409,))
def delete(entry: str, version: Version | None) -> Reply[Entry]:
    """Take an entry away; for 30 days it can be restored."""
    draft = lock_draft(session(), signed_in(), entry_id(entry))
    _check(version, draft.entry.version)
    publishing.delete_entry(session(), signed_in(), draft.entry.public_id, address=address_of_request())
    session().refresh(draft.entry, ["deleted_at"])
    return reply_of(draft)


@section.operation("POST", "/entries/<entry>/restoration", Permission.WRITE, refuses=(409,))
def restore(entry: str) -> Reply[Entry]:
    """Undo a deletion. A deleted entry is called by its id."""
    restored = publishing.restore_entry(session(), signed_in(), entry_id(entry), address=address_of_request())
    return reply_of(draft_of(session(), restored))


@section.operation("PUT", "/entries/<entry>/publication", Permission.WRITE, refuses=(409,))
def publish(entry: str, body: Publication, version: Version | None) -> Reply[Entry]:
    """Show an entry to readers as its author sees it, now or at a time; also one that is public and has changes."""
    member = signed_in()
    draft = lock_draft(session(), member, entry_id(entry))
    _check(version, draft.entry.version)
    asked = body.get("at")
    moment = read_local(asked, zone_of(session())) if asked else None
    at = moment.at if moment else draft.fields.published_at if "at" not in body else None
    is_listed = body.get("is_listed", draft.entry.state != "unlisted")
    publishing.publish(session(), member, draft, at=at, is_listed=is_listed, address=address_of_request())
    return reply_of(draft_of(session(), draft.entry), notes=(moment.note,) if moment and moment.note else ())


@section.operation("DELETE", "/entries/<entry>/publication", Permission.WRITE, refuses=(409,))
def unpublish(entry: str, version: Version | None) -> Reply[Entry]:
    """Take an entry back into the drafts; its address answers 404 until it returns."""
    draft = lock_draft(session(), signed_in(), entry_id(entry))
    _check(version, draft.entry.version)
    publishing.unpublish(session(), signed_in(), draft.entry.public_id, address=address_of_request())
    return reply_of(draft_of(session(), draft.entry))


@section.operation("GET", "/entries/<entry>/published", Permission.READ)
def read_published(entry: str) -> Reply[Entry]:
    """Read an entry as readers see it, or will see it at its time; 404 for a draft."""
    draft = open_draft(session(), signed_in(), entry_id(entry))
    if draft.entry.state == "draft" or draft.entry.deleted_at is not None:
        raise NotFoundError("readers see nothing of this entry")
    return reply_of(type(draft)(draft.entry, draft.own, draft.own, None))


@section.operation("GET", "/entries/<entry>/working-copy", Permission.READ)
def read_copy(entry: str) -> Copy:
    """Say what is written over an entry that is public; 404 when nothing is."""
    draft = open_draft(session(), signed_in(), entry_id(entry))
    if draft.copy is None:
        raise NotFoundError("nothing is written over this entry")
    differs = [name for name in NAMES if getattr(draft.fields, name) != getattr(draft.own, name)]
    return Copy(
        saved_at=draft.copy.saved_at.isoformat(),
        differs=["cover" if name == "cover_media_id" else name for name in differs],
    )


@section.operation("DELETE", "/entries/<entry>/working-copy", Permission.WRITE, refuses=(409,))
def drop_copy(entry: str, version: Version) -> Reply[Entry]:
    """Throw away what is written over an entry that is public."""
    member = signed_in()
    draft = lock_draft(session(), member, entry_id(entry))
    version.check(draft.entry.version)
    if draft.copy is not None:
        keep_fields(session(), draft, draft.own, member.account_id)
    return reply_of(draft_of(session(), draft.entry))


def _check(version: Version | None, current: int) -> None:
    if version is not None:
        version.check(current)


def _card(entry: ShelfEntry) -> EntryCard:
    return EntryCard(
        id=str(entry.public_id),
        version=entry.version,
        kind=entry.kind,  # type: ignore[typeddict-item]  # the column's constraint knows no other
        state=entry.state,  # type: ignore[typeddict-item]  # the same
        is_changed=entry.is_changed,
        title=entry.title,
        slug=entry.slug,
        path=entry.path,
        url=current_site().absolute(entry.path) if entry.path else "",
        excerpt=entry.excerpt,
        authors=entry.authors,
        published_at=written(entry.published_at),
        modified_at=entry.modified_at.isoformat(),
        word_count=entry.word_count,
    )
