"""Files for programs: found by what they are called or by their bytes, uploaded, described, deleted."""

from typing import Annotated, Literal, TypedDict

from flask import request

from homeport.accounts.audit import note
from homeport.accounts.guard import signed_in
from homeport.accounts.permissions import Permission
from homeport.accounts.visitors import actor
from homeport.api.asking import InputError, UnknownKindError
from homeport.api.operations import Reply, Section
from homeport.api.schema import Limits
from homeport.api.words import DEFAULT_LIMIT, Hash, Limit, Line, Moment, Words
from homeport.blog.media_use import delete_media, list_media_uses
from homeport.errors import ForbiddenError, NotFoundError
from homeport.media.actions import add_upload, describe_media, forget_copies_later
from homeport.media.markdown import markdown_of
from homeport.media.models import Media
from homeport.media.queries import ShelvedMedia, find_media
from homeport.media.receiving import ReceivedFile, received_body, received_files
from homeport.media.store import find_known
from homeport.media.types import kind_of
from homeport.site.views import current_site
from homeport.web.database import reader, session
from homeport.web.slots import kernel

section = Section(
    "Media",
    "Files that entries show. A file is called by its hash: the first 32 digits of the SHA-256 of its bytes, as they "
    "are stored or as they were before metadata was taken out of them.",
)

FORM, BYTES = "multipart/form-data", "application/octet-stream"
FILES = {
    FORM: {
        "type": "object",
        "properties": {"file": {"type": "string", "contentMediaType": BYTES}},
        "required": ["file"],
    },
    BYTES: {"type": "string", "contentMediaType": BYTES},
}


class MediaQuery(TypedDict, total=False):
    """Which files are wanted."""

    q: Annotated[Words, Limits(description="Words in name, alternative text or caption.")]
    kind: Literal["image", "video", "audio", "download"]
    before: Annotated[int, Limits(minimum=0, maximum=2**62, description="What the page before said as `next`.")]
    limit: Limit


class MediaFile(TypedDict):
    """A stored file."""

    hash: Hash
    name: str
    path: str
    url: str
    kind: Literal["image", "video", "audio", "download"]
    content_type: str
    size_bytes: int
    width: int | None
    height: int | None
    alt: str
    caption: str
    markdown: Annotated[str, Limits(description="The Markdown that shows the file.")]
    created_at: Moment


class MediaPage(TypedDict):
    """Files, the newest first; `next` is where the next page begins, null at the end."""

    files: list[MediaFile]
    next: int | None


class MediaUse(TypedDict):
    """An entry that shows a file."""

    title: str
    path: str


class MediaFileInUse(TypedDict):
    """A stored file and who shows it."""

    file: MediaFile
    uses: list[MediaUse]


class MediaWords(TypedDict, total=False):
    """What a picture shows; what is left out stays as it is."""

    alt: Line
    caption: Line


class UploadQuery(TypedDict, total=False):
    """What the bytes alone do not say."""

    name: Annotated[str, Limits(minLength=1, maxLength=200, description="The file's name, if only its bytes are sent.")]
    alt: Line


class DeletionQuery(TypedDict, total=False):
    """Whether a gap is meant."""

    although_used: bool


class Deleted(TypedDict):
    """What is gone."""

    deleted: str


@section.operation("GET", "/media", Permission.READ)
def list_files(query: MediaQuery) -> MediaPage:
    """List files, the newest first."""
    limit = query.get("limit", DEFAULT_LIMIT)
    words, before = query.get("q", ""), query.get("before")
    found = find_media(reader(), words, kind=query.get("kind", ""), before=before, limit=limit + 1)
    shown = found[:limit]
    return MediaPage(files=[_body(file) for file in shown], next=shown[-1].id if len(found) > limit else None)


@section.operation("POST", "/media", Permission.WRITE, statuses=(200, 201), files=FILES)
def upload(query: UploadQuery) -> Reply[MediaFile]:
    """Store a file: 201 when it is new, 200 when it was here already. What its bytes say of its author is taken out."""
    settings = kernel().settings
    folder, max_bytes = settings.paths.cache / "uploads", settings.media.max_bytes
    if request.mimetype == FORM:
        with received_files("file", folder, max_bytes=max_bytes) as files:
            if len(files) != 1:
                raise InputError({"file": "Send one file at a time."})
            return _stored(files[0], query)
    if request.mimetype != BYTES:
        raise UnknownKindError(BYTES, FORM)
    if "name" not in query:
        raise InputError({"name": "This is missing."})
    with received_body(query["name"], folder, max_bytes=max_bytes) as file:
        return _stored(file, query)


@section.operation("GET", "/media/<digest>", Permission.READ)
def read_file(digest: str) -> MediaFileInUse:
    """Read what is known of a file, and which entries show it."""
    media = _found(digest)
    member = signed_in()
    author_id = None if member.sees_all else member.author_id
    uses = list_media_uses(reader(), [media.id], author_id=author_id).get(media.id, ())
    return MediaFileInUse(file=_body(media), uses=[MediaUse(title=use.title, path=use.href) for use in uses])


@section.operation("PATCH", "/media/<digest>", Permission.WRITE)
def describe_file(digest: str, body: MediaWords) -> MediaFile:
    """Say what a picture shows, for those who do not see it, and below it."""
    media = _own(digest)
    return _body(describe_media(session(), media.hash, alt=body.get("alt"), caption=body.get("caption")))


@section.operation("DELETE", "/media/<digest>", Permission.WRITE, refuses=(409,))
def delete_file(digest: str, query: DeletionQuery) -> Deleted:
    """Delete a file. One that entries show is kept (409), unless a gap in them is meant."""
    media = _own(digest)
    delete_media(session(), media, although_used=query.get("although_used", False))
    forget_copies_later(session(), media)
    note(session(), actor(signed_in()), "media.delete", media.name)
    return Deleted(deleted=media.hash)


def _stored(file: ReceivedFile, query: UploadQuery) -> Reply[MediaFile]:
    # Pillow takes a tenth of a second to load; who only reads does without.
    from homeport.media.prepare import content_hash  # noqa: PLC0415

    max_bytes, data, alt = kernel().settings.media.max_bytes, file.read(), query.get("alt", "")
    is_known = find_known(session(), content_hash(data)) is not None
    account_id = signed_in().account_id
    media = add_upload(session(), data, file.name, max_bytes=max_bytes, account_id=account_id, alt=alt)
    session().flush()
    location = f"/api/v1/media/{media.hash}"
    return Reply(_body(media), 200 if is_known else 201, {"Location": location})


def _own(digest: str) -> Media:
    media = _found(digest)
    if not signed_in().may_change_file(media.account_id):
        raise ForbiddenError("only an editor may change what somebody else has uploaded")
    return media


def _found(digest: str) -> Media:
    media = find_known(session(), digest)
    if media is None:
        raise NotFoundError("there is no such file")
    return media


def _body(file: Media | ShelvedMedia) -> MediaFile:
    return MediaFile(
        hash=file.hash,
        name=file.name,
        path=file.path,
        url=current_site().absolute(file.path),
        kind=kind_of(file.content_type).value,
        content_type=file.content_type,
        size_bytes=file.size_bytes,
        width=file.width,
        height=file.height,
        alt=file.alt,
        caption=file.caption,
        markdown=markdown_of(file),
        created_at=file.created_at.isoformat(),
    )
