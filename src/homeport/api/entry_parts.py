"""What belongs to an entry: its former texts, its links to share, advice, and how it would look."""

from homeport.accounts.guard import signed_in
from homeport.accounts.permissions import Permission
from homeport.accounts.visitors import address_of_request
from homeport.api.entry_bodies import (
    Advice,
    Entry,
    EntryChanges,
    Html,
    NewShareLink,
    Report,
    Revision,
    RevisionCard,
    RevisionList,
    ShareLink,
    ShareLinkList,
)
from homeport.api.entry_forms import as_typed, entry_id, reply_of
from homeport.api.operations import Reply, Section
from homeport.api.words import written
from homeport.blog.checks import check_fields
from homeport.blog.drafts import Draft, draft_of, lock_draft, open_draft, zone_of
from homeport.blog.forms import read_form
from homeport.blog.previewing import preview_page
from homeport.blog.restoring import find_revision, list_revisions, restore_revision
from homeport.blog.sharing import SharedLink, list_links, share_entry, withdraw_link
from homeport.blog.writing import blank_fields, with_cover_number
from homeport.site.views import current_site
from homeport.web.database import session

section = Section("Parts of entries", "Former texts, links to share, advice before publishing.")


@section.operation("GET", "/entries/<entry>/revisions", Permission.READ)
def list_former(entry: str) -> RevisionList:
    """List what an entry used to say, the latest first."""
    found = list_revisions(session(), _opened(entry).entry.id)
    return RevisionList(
        revisions=[
            RevisionCard(
                number=card.number,
                title=card.title,
                length=card.length,
                reason=card.reason,
                is_public=card.is_public,
                author=card.author,
                created_at=card.created_at.isoformat(),
            )
            for card in found
        ]
    )


@section.operation("GET", "/entries/<entry>/revisions/<number>", Permission.READ)
def read_former(entry: str, number: int) -> Revision:
    """Read what an entry used to say."""
    found = find_revision(session(), _opened(entry).entry.id, number)
    return Revision(
        number=found.number,
        title=found.title or "",
        front_matter=found.front_matter,
        source=found.source,
        reason=found.reason,
        is_public=found.is_public,
        created_at=found.created_at.isoformat(),
    )


@section.operation("POST", "/entries/<entry>/revisions/<number>/restoration", Permission.WRITE, refuses=(409,))
def restore_former(entry: str, number: int) -> Reply[Entry]:
    """Let an entry's draft say what it said then; what it says now is kept, and readers see nothing of it yet."""
    member = signed_in()
    draft = lock_draft(session(), member, entry_id(entry))
    restore_revision(session(), member, draft, number)
    return reply_of(draft_of(session(), draft.entry))


@section.operation("GET", "/entries/<entry>/share-links", Permission.READ)
def list_shared(entry: str) -> ShareLinkList:
    """List the links that show an entry before it is public."""
    return ShareLinkList(links=[_link(link) for link in list_links(session(), _opened(entry).entry.id)])


@section.operation("POST", "/entries/<entry>/share-links", Permission.WRITE, statuses=(201,), refuses=(409,))
def share(entry: str, body: NewShareLink) -> Reply[ShareLink]:
    """Make a link that shows an entry to whoever has it."""
    member = signed_in()
    made = share_entry(session(), member, entry_id(entry), days=body.get("days"), address=address_of_request())
    return Reply(next(_link(link) for link in list_links(session(), made.entry_id) if link.number == made.id), 201)


@section.operation("DELETE", "/entries/<entry>/share-links/<number>", Permission.WRITE, refuses=(409,))
def withdraw(entry: str, number: int) -> ShareLinkList:
    """Let a link lead nowhere from now on."""
    member, public_id = signed_in(), entry_id(entry)
    withdraw_link(session(), member, public_id, number, address=address_of_request())
    return list_shared(str(public_id))


@section.operation("GET", "/entries/<entry>/checks", Permission.READ)
def check(entry: str) -> Report:
    """Look for what readers, search engines or screen readers would stumble over."""
    draft = _opened(entry)
    report = check_fields(session(), draft.fields, draft.entry)
    checks = [Advice(kind=each.kind, message=each.message, line=each.line) for each in report.advice]
    return Report(checks=checks, weight_bytes=report.weight_bytes)


@section.operation("GET", "/entries/<entry>/preview", Permission.READ)
def preview(entry: str) -> Html:
    """Render an entry's text as readers would get it; nothing is stored."""
    draft = _opened(entry)
    return Html(html=preview_page(session(), draft.fields, draft.entry).html)


@section.operation("POST", "/previews", Permission.WRITE)
def preview_unstored(body: EntryChanges) -> Html:
    """Render a text that is stored nowhere, as readers would get it."""
    typed = with_cover_number(session(), as_typed(body))
    fields = read_form(typed, blank_fields(session(), signed_in()), zone_of(session())).fields
    return Html(html=preview_page(session(), fields).html)


def _opened(entry: str) -> Draft:
    return open_draft(session(), signed_in(), entry_id(entry))


def _link(link: SharedLink) -> ShareLink:
    return ShareLink(
        number=link.number,
        path=link.path,
        url=current_site().absolute(link.path),
        created_at=link.created_at.isoformat(),
        expires_at=written(link.expires_at),
    )
