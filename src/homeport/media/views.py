"""Hand out media for ever: a file's address has the hash of its bytes in it, so what a browser has stays right."""

import re
from io import BytesIO
from pathlib import Path

from flask import Blueprint, Response, make_response, redirect, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from homeport.errors import NotFoundError
from homeport.media.cachefolder import CachedFile, CacheFolder
from homeport.media.store import DatabaseMediaStore, StoredMedia
from homeport.media.types import BY_CONTENT_TYPE, Kind
from homeport.web.database import reader
from homeport.web.slots import kernel

blueprint = Blueprint("media", __name__)

HASH = re.compile(r"[0-9a-f]{32}")
ONE_YEAR_SECONDS = 31_536_000
# A file opened by itself draws and plays, and that is all: no scripts, nothing loaded from anywhere, no origin.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; font-src data:; "
    "frame-ancestors 'none'; sandbox"
)


@blueprint.get("/media/<digest>/<name>")
def show_media(digest: str, name: str) -> Response:
    """Serve from this host's copy; only the first request for a file, or a lost copy, needs the database."""
    if not HASH.fullmatch(digest):
        raise NotFoundError("there is no such file")
    found = _find(digest)
    if name != found.name:
        return make_response(redirect(f"/media/{digest}/{found.name}", 301))
    return _answer(digest, found)


def _find(digest: str) -> CachedFile | StoredMedia:
    folder = CacheFolder(kernel().settings.paths.cache / "media")
    cached = folder.find(digest)
    if cached:
        return cached
    stored = DatabaseMediaStore().read(reader(), digest)
    if stored is None:
        raise NotFoundError("there is no such file")
    return folder.add(stored) or stored


def _answer(digest: str, found: CachedFile | StoredMedia) -> Response:
    media_type = BY_CONTENT_TYPE.get(found.content_type)
    try:
        response = send_file(
            _source(found),
            mimetype=media_type.content_type if media_type else "application/octet-stream",
            as_attachment=media_type is None or media_type.kind is Kind.DOWNLOAD,
            download_name=found.name,
            etag=digest,
            max_age=ONE_YEAR_SECONDS,
        )
    except RequestedRangeNotSatisfiable as error:
        # Its own answer says how long the file is, which the site's error page would not.
        return make_response(error.get_response())
    response.cache_control.immutable = True
    response.headers["Content-Security-Policy"] = POLICY
    # Feed readers and other sites show the pictures of an entry too.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _source(found: CachedFile | StoredMedia) -> Path | BytesIO:
    return found.path if isinstance(found, CachedFile) else BytesIO(found.data)
