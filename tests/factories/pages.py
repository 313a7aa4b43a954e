"""Stored pages."""

from math import inf
from typing import Any

from homeport.cache.page import StoredPage
from homeport.cache.revision import Tag

HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Length", "4"),
    ("Vary", "Accept-Encoding"),
    ("ETag", '"abc"'),
    ("X-Frame-Options", "DENY"),
)


def make_stored_page(key: str = "/", body: bytes = b"page", **given: Any) -> StoredPage:
    """Return a page of the first revision, uncompressed unless said otherwise."""
    values = {"etag": "abc", "headers": HEADERS, "bodies": {"": body}, **given}
    tag = values.pop("tag", Tag("here", 1, (), inf))
    return StoredPage(key=key, tag=tag, **values)
