"""The media library: what there is, where it is used, how it is described, and how more comes in."""

from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from homeport.accounts.audit import Actor, note
from homeport.accounts.guard import requires, signed_in
from homeport.accounts.permissions import Member, Permission
from homeport.blog.media_use import MediaInUseError, delete_media, list_media_uses
from homeport.errors import ForbiddenError, InvalidError
from homeport.media.actions import add_upload, describe_media, forget_copies_later
from homeport.media.markdown import markdown_of
from homeport.media.models import Media
from homeport.media.queries import SHELF, find_media, find_media_by_id
from homeport.media.receiving import ReceivedFile, received_files
from homeport.media.types import Kind, kind_of
from homeport.web.database import reader, session
from homeport.web.slots import kernel
from homeport.web.studio import render_studio

blueprint = Blueprint("studio_media", __name__, template_folder="templates")

Result = dict[str, Any]
LIBRARY = "/studio/media"


@blueprint.get(LIBRARY)
@requires(Permission.READ)
def library() -> str:
    return _library()


@blueprint.post(LIBRARY)
@requires(Permission.WRITE)
def upload() -> BaseResponse:
    settings = kernel().settings
    folder, max_bytes = settings.paths.cache / "uploads", settings.media.max_bytes
    with received_files("file", folder, max_bytes=max_bytes) as files:
        results = [_store(file, max_bytes) for file in files]
    refused = [result for result in results if "error" in result]
    status = 422 if len(refused) == len(results) else 200
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return make_response(jsonify(results), status)
    if results and not refused:
        return redirect(LIBRARY, 303)
    told = [result["error"] for result in refused] or ["Choose a file first."]
    return make_response(_library(told, stored=len(results) - len(refused)), status)


@blueprint.post(f"{LIBRARY}/<int:media_id>")
@requires(Permission.WRITE)
def describe(media_id: int) -> BaseResponse:
    media = _own(media_id)
    words = {name: request.form.get(name, "").replace("\x00", "") for name in ("alt", "caption")}
    describe_media(session(), media.hash, **words)
    return redirect(f"{_where_from()}#file-{media_id}", 303)


@blueprint.get(f"{LIBRARY}/<int:media_id>/delete")
@requires(Permission.WRITE)
def ask_to_delete(media_id: int) -> str:
    return _question(_own(media_id))


@blueprint.post(f"{LIBRARY}/<int:media_id>/delete")
@requires(Permission.WRITE)
def delete(media_id: int) -> BaseResponse:
    member, media = signed_in(), _own(media_id)
    try:
        delete_media(session(), media, although_used=request.form.get("although_used") == "yes")
    except MediaInUseError:
        return make_response(_question(media), 409)
    forget_copies_later(session(), media)
    note(session(), Actor.of(member, request.remote_addr or ""), "media.delete", media.name)
    return redirect(LIBRARY, 303)


def _store(file: ReceivedFile, max_bytes: int) -> Result:
    """Store one file by itself: one that is refused takes nothing away from the others."""
    try:
        with session().begin_nested():
            member = signed_in()
            media = add_upload(session(), file.read(), file.name, max_bytes=max_bytes, account_id=member.account_id)
    except InvalidError as error:
        return {"name": file.name, "error": f"{error} {error.hint}".strip()}
    return _summary(media)


def _summary(media: Media) -> Result:
    facts = {name: getattr(media, name) for name in ("id", "name", "path", "width", "height", "alt")}
    return facts | {"markdown": markdown_of(media), "kind": kind_of(media.content_type)}


def _library(refused: list[str] | None = None, *, stored: int = 0) -> str:
    member = signed_in()
    wanted, kind = request.args.get("q", "")[:200].strip(), request.args.get("kind", "")
    before = request.args.get("before", type=int)
    files = find_media(reader(), wanted, kind=kind, before=before)
    return render_studio(
        "studio/media.html",
        title="Media",
        files=files,
        uses=list_media_uses(reader(), [file.id for file in files], author_id=_readers_author(member)),
        may_change={file.id: member.may_change_file(file.account_id) for file in files},
        markdown_of=markdown_of,
        kinds=list(Kind),
        wanted=wanted,
        kind=kind,
        query=request.query_string.decode("ascii", "replace"),
        is_first=before is None,
        has_more=len(files) == SHELF,
        max_bytes=kernel().settings.media.max_bytes,
        refused=refused or [],
        stored=stored,
    )


def _question(media: Media) -> str:
    author_id = _readers_author(signed_in())
    uses = list_media_uses(reader(), [media.id], author_id=author_id).get(media.id, ())
    return render_studio("studio/media_delete.html", title=f"Delete {media.name}", media=media, uses=uses)


def _own(media_id: int) -> Media:
    """Return a file that the member may change: their own, or anybody's for an editor."""
    media = find_media_by_id(session(), media_id)
    if not signed_in().may_change_file(media.account_id):
        raise ForbiddenError("only an editor may change what somebody else has uploaded")
    return media


def _readers_author(member: Member) -> int | None:
    return None if member.may(Permission.EDIT) else member.author_id


def _where_from() -> str:
    """Return the page of the library that a form was on."""
    query = request.form.get("query", "")
    return f"{LIBRARY}?{query}" if query and query.isprintable() and query.isascii() else LIBRARY
