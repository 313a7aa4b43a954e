"""An entry as one Markdown file with front matter: got, and put, which makes the entry or changes it."""

from typing import TYPE_CHECKING, Literal

from flask import Response

from homeport.accounts.guard import signed_in
from homeport.accounts.permissions import Permission
from homeport.accounts.visitors import address_of_request
from homeport.api.entry_bodies import FileOutcome, FileQuery, MarkdownFile
from homeport.api.entry_forms import body_of, entry_id, find_entry_id
from homeport.api.operations import Reply, Section
from homeport.api.versions import Version, VersionPassedError, require_version
from homeport.blog.drafts import Draft, draft_of, lock_draft, open_draft, zone_of
from homeport.blog.models import Entry
from homeport.blog.scheduling import read_local
from homeport.errors import NotFoundError
from homeport.text.slugs import is_slug
from homeport.web.database import session

if TYPE_CHECKING:
    from homeport.exchange.incoming import IncomingFile

section = Section("Markdown files", "A whole entry in one file, so that it can be written anywhere.")

MARKDOWN = "text/markdown"
Outcome = Literal["created", "changed", "unchanged"]


@section.operation("GET", "/entries/<entry>/markdown", Permission.READ, gives=MARKDOWN)
def read_markdown(entry: str) -> Response:
    """Read an entry as a file; what came with front matter comes back byte for byte."""
    # What reads front matter takes long to load; here and below, who needs it waits for it.
    from homeport.exchange.incoming import text_of  # noqa: PLC0415

    draft = open_draft(session(), signed_in(), entry_id(entry))
    answer = Response(text_of(draft).encode(), mimetype=MARKDOWN)
    answer.set_etag(str(draft.entry.version))
    return answer


@section.operation(
    "PUT", "/entries/<entry>/markdown", Permission.WRITE, statuses=(200, 201), refuses=(409, 428), text_field="markdown"
)
def put_markdown(entry: str, query: FileQuery, body: MarkdownFile, version: Version | None) -> Reply[FileOutcome]:
    """Make the entry with this slug from a file, or change the one that there is by it; show it, if the file says so.

    The same file once more changes nothing, or brings the pictures that were missing when it came without them. Any
    other change of what is there already must say of which version (`If-Match`); what the front matter says as before,
    or not at all, stays as it was decided here. Files that the text refers to by names of its own are uploaded first
    and named in `media`.
    """
    from homeport.exchange.incoming import IncomingFile  # noqa: PLC0415 - readers never need it

    at = read_local(query["at"], zone_of(session())).at if query.get("at") else None
    file = IncomingFile(
        text=body["markdown"],
        name=body.get("name", ""),
        media=body.get("media", {}),
        state=query.get("state", ""),
        at=at,
    )
    public_id = find_entry_id(entry)
    if public_id is None:
        reply = _create(entry, file, version)
    else:
        reply = _change(lock_draft(session(), signed_in(), public_id), file, version)
    if query.get("dry_run"):
        session().rollback()
        return Reply(reply.body)
    return reply


def _create(slug: str, file: "IncomingFile", version: Version | None) -> Reply[FileOutcome]:
    from homeport.exchange.incoming import create_by_file  # noqa: PLC0415 - readers never need it

    if not is_slug(slug):
        raise NotFoundError("there is no such entry, and none can be called so")
    if version is not None:
        raise VersionPassedError("there is no such entry any more", hint="Leave If-Match away to make it.")
    made = create_by_file(session(), signed_in(), slug, file, address=address_of_request())
    return _reply(draft_of(session(), made), "created", tuple(made.dropped), 201)


def _change(draft: Draft, file: "IncomingFile", version: Version | None) -> Reply[FileOutcome]:
    from homeport.exchange.incoming import carry_out, plan_change  # noqa: PLC0415 - readers never need it

    change = plan_change(session(), draft, file)
    if change.is_nothing:
        return _reply(draft, "unchanged", change.warnings)
    if not change.only_adds_files:
        (version or require_version()).check(draft.entry.version)
    carry_out(session(), signed_in(), draft, change, address=address_of_request())
    entry: Entry = draft.entry
    return _reply(draft_of(session(), entry), "changed", (*change.warnings, *entry.dropped))


def _reply(draft: Draft, outcome: Outcome, warnings: tuple[str, ...], status: int = 200) -> Reply[FileOutcome]:
    body = FileOutcome(outcome=outcome, warnings=list(warnings), entry=body_of(draft))
    headers = {"ETag": f'"{draft.entry.version}"', "Location": f"/api/v1/entries/{draft.entry.public_id}"}
    return Reply(body, status, headers)
