"""Writes a feed as RSS 2.0, with the Atom, content and Dublin Core elements that readers know."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

from homeport.feeds.markup import DECLARATION, element, empty, stamp, wrap
from homeport.feeds.rows import Feed, FeedItem

CONTENT_TYPE = "application/rss+xml"
FILE_NAME = "feed.rss"

NAMESPACES = {
    "xmlns_atom": "http://www.w3.org/2005/Atom",
    "xmlns_content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns_dc": "http://purl.org/dc/elements/1.1/",
}


def write_rss(feed: Feed) -> bytes:
    """Return the feed's bytes."""
    document = wrap("rss", [wrap("channel", _channel(feed))], version="2.0", **NAMESPACES)
    return f"{DECLARATION}{document}\n".encode()


def _channel(feed: Feed) -> Iterator[str]:
    yield element("title", feed.title)
    yield element("link", feed.absolute(feed.path))
    # RSS wants a description even where the author wrote none.
    yield element("description", feed.subtitle or feed.title)
    if feed.language:
        yield element("language", feed.language)
    yield element("lastBuildDate", _rfc822(feed.changed_at))
    yield empty("atom:link", rel="self", type=CONTENT_TYPE, href=feed.absolute(feed.own_path(FILE_NAME)))
    yield element("generator", "Homeport")
    for entry in feed.items:
        yield wrap("item", _item(feed, entry))


def _item(feed: Feed, entry: FeedItem) -> Iterator[str]:
    if entry.title:
        yield element("title", entry.title)
    yield element("link", feed.absolute(entry.path))
    yield element("guid", entry.id, isPermaLink="false")
    yield element("pubDate", _rfc822(entry.published_at))
    yield element("atom:updated", stamp(entry.changed_at))
    for author in entry.authors or (feed.author,):
        yield element("dc:creator", author.name)
    if entry.language and entry.language != feed.language:
        yield element("dc:language", entry.language)
    for tag in entry.tags:
        yield element("category", tag.title)
    if entry.cover:
        yield empty(
            "enclosure",
            url=feed.absolute(entry.cover.path),
            length=str(entry.cover.size_bytes),
            type=entry.cover.content_type,
        )
    if entry.summary:
        yield element("description", entry.summary)
    yield element("content:encoded", entry.html)


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
