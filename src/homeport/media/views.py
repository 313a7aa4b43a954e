"""Hand out media for ever: a file's address has the hash of its bytes in it, so what a browser has stays right."""

import logging
import re
from functools import partial
from io import SEEK_END, BytesIO
from typing import BinaryIO

from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import PreconditionFailed, RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response as BaseResponse
from werkzeug.wsgi import LimitedStream, wrap_file

from homeport.cache.encodings import choose_encoding
from homeport.errors import NotFoundError, UnavailableError
from homeport.media.cachefolder import PACKED_TYPES, CachedFile, media_cache
from homeport.media.queries import find_variant_owner
from homeport.media.ranges import Wanted, read_range
from homeport.media.store import DatabaseMediaStore, StoredMedia
from homeport.media.types import BY_CONTENT_TYPE, BY_EXTENSION, Kind, MediaType
from homeport.media.variants import parse_file_name
from homeport.web.database import reader, session
from homeport.web.slots import kernel

blueprint = Blueprint("media", __name__)
log = logging.getLogger("homeport.media")

CHUNK_BYTES = 65_536
HASH = re.compile(r"[0-9a-f]{32}")
VARIANT = re.compile(r"[1-9][0-9]{0,5}\.(?:avif|webp|jpg|png)")
STAND_IN_SECONDS = 60
UNKNOWN = MediaType("unknown", "application/octet-stream", Kind.DOWNLOAD, ())
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    # A file opened by itself draws and plays, and that is all: no scripts, nothing loaded from elsewhere, no origin.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "media-src 'self'; font-src data:; frame-ancestors 'none'; sandbox",
    # Feed readers and other sites show the pictures of an entry too.
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@blueprint.get("/media/<digest>/<name>")
def show_media(digest: str, name: str) -> BaseResponse:
    """Serve from this host's copy; only the first request for a file, or a lost copy, needs the database."""
    if not HASH.fullmatch(digest):
        raise NotFoundError("there is no such file")
    found = _find(digest)
    if name != found.name:
        return redirect(f"/media/{digest}/{found.name}", 301)
    try:
        return _answer(digest, found)
    except FileNotFoundError:
        # The cache was deleted this very moment.
        return _answer(digest, _stored(digest))


@blueprint.get("/media/<digest>/w/<name>")
def show_variant(digest: str, name: str) -> BaseResponse:
    """Serve a form of a picture from this host's copy; while there is none, the picture itself."""
    if not (HASH.fullmatch(digest) and VARIANT.fullmatch(name)):
        raise NotFoundError("there is no such file")
    path = media_cache(kernel().settings.paths).find_variant(digest, name)
    if path is not None:
        try:
            return _answer(f"{digest}-{name}", CachedFile(path, name, BY_EXTENSION[path.suffix[1:]].content_type))
        except FileNotFoundError:
            # The cache was deleted this very moment.
            log.debug("a form of a picture went away: %s", path)
    return _stand_in(digest, name)


def _stand_in(digest: str, name: str) -> BaseResponse:
    """Answer with the picture itself, and have the form that a page has offered made again."""
    found = _find(digest)
    variant = parse_file_name(name, BY_CONTENT_TYPE.get(found.content_type, UNKNOWN))
    try:
        owner = find_variant_owner(reader(), digest, variant) if variant else None
        if owner is None:
            raise NotFoundError("there is no such file")
        # Hardly any request comes here, and no start waits for what it needs.
        from homeport.media.actions import remake_variants  # noqa: PLC0415

        remake_variants(session(), owner)
    except UnavailableError:
        log.debug("a form of a picture is made again once the database is back")
    response = _answer(digest, found)
    response.headers["Cache-Control"] = f"public, max-age={STAND_IN_SECONDS}"
    return response


def _find(digest: str) -> CachedFile | StoredMedia:
    folder = media_cache(kernel().settings.paths)
    cached = folder.find(digest)
    if cached:
        return cached
    stored = _stored(digest)
    return folder.add(stored) or stored


def _stored(digest: str) -> StoredMedia:
    stored = DatabaseMediaStore().read(reader(), digest)
    if stored is None:
        raise NotFoundError("there is no such file")
    return stored


def _answer(digest: str, found: CachedFile | StoredMedia) -> BaseResponse:
    wanted = _wanted_range(digest)
    file, encoding = _open(found, is_whole=wanted is None)
    size_bytes = file.seek(0, SEEK_END)
    file.seek(0)
    response = Response(wrap_file(request.environ, file), direct_passthrough=True)
    response.content_length = size_bytes
    _describe(response, digest, found, encoding)
    # A part comes after the conditions (RFC 9110, section 13.2.2): who has the file needs no part of it.
    response.make_conditional(request)
    if response.status_code == 412:
        file.close()
        raise PreconditionFailed
    if request.method == "HEAD" or response.status_code == 304:
        file.close()
    elif wanted:
        return _cut(response, file, wanted, size_bytes)
    return response


def _wanted_range(digest: str) -> Wanted | None:
    validator = f'"{digest}"'
    if request.method != "GET" or request.headers.get("If-Range", validator) != validator:
        return None
    return read_range(request.headers.get("Range", ""))


def _describe(response: Response, digest: str, found: CachedFile | StoredMedia, encoding: str) -> None:
    media_type = BY_CONTENT_TYPE.get(found.content_type, UNKNOWN)
    response.content_type = media_type.content_type
    response.headers.update(HEADERS)
    response.headers["Content-Disposition"] = f"{_disposition(media_type)}; filename={found.name}"
    response.accept_ranges = "bytes"
    if found.content_type in PACKED_TYPES:
        response.vary.add("Accept-Encoding")
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.set_etag(f"{digest}-{encoding}" if encoding else digest)


def _cut(response: Response, file: BinaryIO, wanted: Wanted, size_bytes: int) -> BaseResponse:
    part = wanted.within(size_bytes)
    if part is None:
        file.close()
        # Its own answer says how long the file is, which the site's error page would not.
        return RequestedRangeNotSatisfiable(size_bytes).get_response()
    file.seek(part.start)
    length = part.stop - part.start
    response.response = iter(partial(LimitedStream(file, length).read, CHUNK_BYTES), b"")
    response.direct_passthrough = False
    response.call_on_close(file.close)
    response.status_code = 206
    response.content_length = length
    response.content_range.set(part.start, part.stop, size_bytes)
    return response


def _open(found: CachedFile | StoredMedia, *, is_whole: bool) -> tuple[BinaryIO, str]:
    """Open the bytes to send, compressed where that helps; a part of a file is always one of the file as it is."""
    if isinstance(found, StoredMedia):
        return BytesIO(found.data), ""
    if found.content_type in PACKED_TYPES and is_whole:
        encoding = choose_encoding(request.headers.get("Accept-Encoding", ""), ("br",))
        if encoding:
            return found.packed_path.open("rb"), encoding
    return found.path.open("rb"), ""


def _disposition(media_type: MediaType) -> str:
    return "attachment" if media_type.kind is Kind.DOWNLOAD else "inline"
