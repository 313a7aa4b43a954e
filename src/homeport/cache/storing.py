"""Stored pages as the application sees them: looked up before a view is asked, stored when it has answered."""

import time
from collections.abc import Container
from http import HTTPStatus

from flask import Flask, Response, g, request
from werkzeug.datastructures import Headers

from homeport.cache.encodings import PREFERENCE, choose_encoding
from homeport.cache.improving import compress_fast
from homeport.cache.keys import page_key
from homeport.cache.memory import Held
from homeport.cache.page import StoredPage
from homeport.cache.revision import Tag
from homeport.cache.store import PageStore

MARK = ("Cache-Status", "homeport; hit; detail=away")
"""Says that the database is away, and that this was right when it was heard of the last time (RFC 9211)."""

EDGE_LIFE = ("X-Accel-Expires", "1")
"""Lets an nginx in front keep what enters the store, for one second; readers' own caches ask each time."""


class Storing:
    """The store of an application; only answers of the named blueprints enter it."""

    def __init__(self, store: PageStore, blueprints: Container[str]) -> None:
        self._store = store
        self._blueprints = blueprints

    def init_app(self, app: Flask) -> None:
        """Come before everything that answers, and after everything that adds to an answer but the request's id."""
        app.before_request(self._find)
        app.after_request(self._finish)
        app.teardown_request(self._release)

    def has_home_page(self) -> bool:
        """Say whether there is something to serve while the database is away."""
        return self._store.find_last("/") is not None

    def is_cut_off(self) -> bool:
        """Say whether the database would not answer, as far as those know who listen to it."""
        self._store.start()
        return self._store.listener.is_cut_off()

    def _find(self) -> Response | None:
        if request.method not in ("GET", "HEAD") or request.blueprint not in self._blueprints:
            return None
        key = page_key(request.environ["PATH_INFO"], request.environ.get("QUERY_STRING", ""))
        if key is None:
            return None
        g.page_key, g.page_asked_at = key, time.monotonic()
        if self._store.is_away():
            return self._last(key)
        if not self._store.is_current():
            return self._last(key) if self.is_cut_off() else None
        return self._found(key) or self._found_after_waiting(key)

    def _found(self, key: str) -> Response | None:
        held = self._store.find(key)
        return self._answer(held) if held else None

    def _found_after_waiting(self, key: str) -> Response | None:
        """Become the one who renders this page, and look whether somebody else was it meanwhile."""
        g.page_claim = self._store.rendering(key)
        g.page_claim.__enter__()
        found = self._found(key)
        if found is None:
            # What is committed from now on may be on the page already; it will count as older nevertheless.
            g.page_tag = self._store.listener.knowledge.tag(None)
        return found

    def _last(self, key: str) -> Response | None:
        held = self._store.find_last(key)
        if held is None:
            return None
        response = self._answer(held)
        response.headers.add(*MARK)
        return response

    def _answer(self, held: Held) -> Response:
        accepted = request.headers.get("Accept-Encoding", "")
        encoding = choose_encoding(accepted, PREFERENCE) if held.page.is_compressible else ""
        if encoding not in held.page.bodies:
            held = self._store.keep(held.page.with_body(encoding, compress_fast(encoding, held.page.bodies[""])))
        self._store.count(held)
        page = held.page
        response = Response(page.bodies[encoding], headers=Headers(page.headers_in(encoding)))
        response.make_conditional(request)
        # The web server writes one.
        del response.headers["Date"]
        g.is_stored_page = True
        # For whoever counts answers outside the application.
        request.environ["homeport.stored"] = True
        return response

    def _finish(self, response: Response) -> Response:
        key: str | None = g.get("page_key")
        if key is None or "is_stored_page" in g:
            return response
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            self._store.note_away(time.monotonic() - g.page_asked_at)
            return self._last(key) or response
        tag: Tag | None = g.get("page_tag")
        if tag is not None and is_storable(response):
            # Before Cache-Control: nginx up to 1.22 obeys whichever comes first.
            response.headers = Headers([EDGE_LIFE, *response.headers])
            self._keep(key, tag, response)
        return response

    def _keep(self, key: str, tag: Tag, response: Response) -> None:
        keys: tuple[str, ...] | None = g.get("page_keys")
        tag = Tag(tag.origin, tag.revision, keys, tag.until)
        etag, _, encoding = (response.get_etag()[0] or "").partition("-")
        headers = tuple((name, value) for name, value in response.headers if name.lower() != "content-encoding")
        bodies = {"": g.page_body}
        if encoding and request.method == "GET" and response.status_code == HTTPStatus.OK:
            bodies[encoding] = response.get_data()
        self._store.keep(StoredPage(key, tag, etag, headers, bodies, is_compressible=g.page_is_compressible))

    def _release(self, _error: BaseException | None) -> None:
        claim = g.pop("page_claim", None)
        if claim is not None:
            claim.__exit__(None, None, None)


def is_storable(response: Response) -> bool:
    """Say whether an answer is the same for everybody, whole, and known by its content."""
    headers = response.headers
    return (
        response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)
        and "page_body" in g
        and headers.get("Cache-Control") == "no-cache"
        and "Set-Cookie" not in headers
        and "Content-Disposition" not in headers
        and response.vary.as_set() <= {"accept-encoding"}
        and not response.get_etag()[1]
    )
