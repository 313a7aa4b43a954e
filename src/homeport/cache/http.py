"""Validators and encodings of dynamic pages: a strong ETag of the content, 304 to who has it, fewer bytes to the rest.

ETag and If-None-Match as in RFC 9110, sections 8.8.3 and 13.1.2: each encoding is a representation of its own.
"""

import gzip
import hashlib

import brotli
from flask import Flask, Response, g, request

from homeport.cache import ahead
from homeport.cache.encodings import PREFERENCE, choose_encoding

COMPRESSED_TYPES = frozenset(
    {
        "text/html",
        "text/plain",
        "application/json",
        "application/feed+json",
        "application/atom+xml",
        "application/rss+xml",
        "application/xml",
    }
)
LEAST_BYTES = 512
"""Below this, compression saves less than its header costs."""


def init_app(app: Flask) -> None:
    """Give every complete page a validator and the encoding its reader asks for."""
    app.after_request(_finish)


def depends_on(*keys: str) -> None:
    """Say which keys the page being made depends on beside the one of everything; one that says nothing, on all."""
    g.page_keys = keys


def entry_key(number: int) -> str:
    """Return the key of what is on an entry's own page and on no list of entries."""
    return f"entry:{number}"


def _finish(response: Response) -> Response:
    if response.is_streamed or response.direct_passthrough or response.status_code != 200:
        return response
    if request.method not in ("GET", "HEAD") or response.headers.get("Cache-Control") == "no-store":
        return response
    if "ETag" in response.headers or "Content-Encoding" in response.headers:
        return response
    response.headers.setdefault("Cache-Control", "no-cache")
    ahead.offer(response)
    body = response.get_data()
    encoding = _encoding_for(response, body)
    # For the page store, which is asked next.
    g.page_body, g.page_is_compressible = body, is_compressible(response, body)
    response.set_etag(hashlib.sha256(body).hexdigest()[:24] + (f"-{encoding}" if encoding else ""))
    response.make_conditional(request)
    # The web server writes one.
    del response.headers["Date"]
    if response.status_code == 304:
        return response
    if encoding:
        response.set_data(_compress(encoding, body))
        response.headers["Content-Encoding"] = encoding
    return response


def is_compressible(response: Response, body: bytes) -> bool:
    """Say whether a body is worth compressing."""
    return response.mimetype in COMPRESSED_TYPES and len(body) >= LEAST_BYTES


def _encoding_for(response: Response, body: bytes) -> str:
    if response.mimetype in COMPRESSED_TYPES:
        response.vary.add("Accept-Encoding")
    if not is_compressible(response, body):
        return ""
    return choose_encoding(request.headers.get("Accept-Encoding", ""), PREFERENCE)


def _compress(encoding: str, body: bytes) -> bytes:
    # Levels that cost less than the transfer they save on a slow line; stored pages will get better ones.
    return brotli.compress(body, quality=5) if encoding == "br" else gzip.compress(body, 6, mtime=0)
