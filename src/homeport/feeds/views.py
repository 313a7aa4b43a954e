"""The addresses that feed readers and crawlers ask for."""

from collections.abc import Callable, Iterator
from functools import partial

from flask import Blueprint, Response
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Redirect

from homeport.blog.past import lead_on
from homeport.blog.views import entry
from homeport.comments.queries.feed import find_comment_feed
from homeport.db.session import Database
from homeport.errors import NotFoundError
from homeport.feeds import atom, comments, json_feed, rss
from homeport.feeds.queries import (
    ENTRIES_A_BATCH,
    find_series_feed,
    find_site_feed,
    find_tag_feed,
    list_sitemap_parts,
    walk_sitemap,
    walk_sitemap_part,
)
from homeport.feeds.rows import Feed
from homeport.feeds.sitemap import (
    MOST_LOCATIONS,
    Location,
    write_index,
    write_robots,
    write_unaddressed,
    write_urlset,
)
from homeport.site.rows import SiteCard
from homeport.site.views import current_site
from homeport.web.database import reader
from homeport.web.slots import kernel

blueprint = Blueprint("feeds", __name__)

FORMATS = {
    atom.FILE_NAME: (atom.write_atom, atom.CONTENT_TYPE),
    rss.FILE_NAME: (rss.write_rss, rss.CONTENT_TYPE),
    json_feed.FILE_NAME: (json_feed.write_json_feed, json_feed.CONTENT_TYPE),
}
ANY_FORMAT = f"<any({', '.join(map(repr, FORMATS))}):name>"

# Far more parts than there can be entries, and few enough for every number in a part to fit the column.
MOST_PARTS = 10**9

Walk = Callable[[Connection, SiteCard], Iterator[Location]]


@blueprint.get(f"/{ANY_FORMAT}")
def site_feed(name: str) -> Response:
    return _answer(find_site_feed(reader(), current_site()), name)


@blueprint.get(f"/tags/<slug>/{ANY_FORMAT}")
def tag_feed(slug: str, name: str) -> Response | Redirect:
    feed = find_tag_feed(reader(), current_site(), slug)
    return _answer(feed, name) if feed else lead_on(reader(), f"/tags/{slug}", suffix=f"/{name}")


@blueprint.get(f"/series/<slug>/{ANY_FORMAT}")
def series_feed(slug: str, name: str) -> Response | Redirect:
    feed = find_series_feed(reader(), current_site(), slug)
    return _answer(feed, name) if feed else lead_on(reader(), f"/series/{slug}", suffix=f"/{name}")


@blueprint.get(f"/<path:path>/{comments.FILE_NAME}")
def comment_feed(path: str) -> str | Response | Redirect:
    base = f"/{path}".rstrip("/")
    feed = find_comment_feed(reader(), f"/{path}/{comments.FILE_NAME}", base)
    if feed is None:
        return _entry_or_past(base, comments.FILE_NAME)
    return Response(
        comments.write_comments(current_site(), feed), content_type=f"{comments.CONTENT_TYPE}; charset=utf-8"
    )


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    site = current_site()
    if not site.address:
        return _xml(write_unaddressed())
    parts = list_sitemap_parts(reader(), site)
    count = sum(part.count for part in parts)
    if count > MOST_LOCATIONS:
        return _xml(write_index(site.address, parts))
    if count > ENTRIES_A_BATCH:
        return _xml(_stream(kernel().database, site, walk_sitemap))
    # What comes in one batch is in memory anyway; sent as a whole, it gets a validator and is compressed.
    return _xml(b"".join(write_urlset(site.address, walk_sitemap(reader(), site))))


@blueprint.get(f"/sitemap-<int(max={MOST_PARTS}):number>.xml")
def sitemap_part(number: int) -> Response:
    site = current_site()
    if not site.address or number not in {part.number for part in list_sitemap_parts(reader(), site)}:
        raise NotFoundError(f"the sitemap has no part {number}")
    return _xml(_stream(kernel().database, site, partial(walk_sitemap_part, number=number)))


@blueprint.get("/robots.txt")
def robots() -> Response:
    return Response(write_robots(current_site().address), content_type="text/plain; charset=utf-8")


def _entry_or_past(base: str, name: str) -> str | Response | Redirect:
    """Answer with the entry that lives at a feed's address after all, or lead to where the feed's entry lives now."""
    try:
        return entry(f"{base}/{name}".removeprefix("/"))
    except NotFoundError:
        return lead_on(reader(), base, suffix=f"/{name}")


def _answer(feed: Feed, name: str) -> Response:
    write, content_type = FORMATS[name]
    return Response(write(feed), content_type=f"{content_type}; charset=utf-8")


def _stream(database: Database, site: SiteCard, walk: Walk) -> Iterator[bytes]:
    """Write a sitemap while it is sent, on a connection of its own: the request's is closed before the body begins."""
    with database.reader() as connection:
        yield from write_urlset(site.address, walk(connection, site))


def _xml(content: bytes | Iterator[bytes]) -> Response:
    response = Response(content, content_type="application/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
