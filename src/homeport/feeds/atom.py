"""Writes a feed as Atom (RFC 4287)."""

from collections.abc import Iterator

from homeport.blog.rows import AuthorCard
from homeport.feeds.markup import DECLARATION, element, empty, stamp, wrap
from homeport.feeds.rows import Enclosure, Feed, FeedItem

CONTENT_TYPE = "application/atom+xml"
FILE_NAME = "feed.atom"


def write_atom(feed: Feed) -> bytes:
    """Return the feed's bytes."""
    document = wrap("feed", _head_and_entries(feed), xmlns="http://www.w3.org/2005/Atom", **_language(feed.language))
    return f"{DECLARATION}{document}\n".encode()


def _head_and_entries(feed: Feed) -> Iterator[str]:
    yield element("id", feed.id)
    yield element("title", feed.title)
    if feed.subtitle:
        yield element("subtitle", feed.subtitle)
    yield element("updated", stamp(feed.changed_at))
    yield empty("link", rel="self", type=CONTENT_TYPE, href=feed.absolute(feed.own_path(FILE_NAME)))
    yield empty("link", rel="alternate", type="text/html", href=feed.absolute(feed.path))
    yield _author(feed, feed.author)
    if feed.icon_path:
        yield element("icon", feed.absolute(feed.icon_path))
    yield element("generator", "Homeport")
    for entry in feed.items:
        yield wrap("entry", _entry(feed, entry), **_language(entry.language))


def _entry(feed: Feed, entry: FeedItem) -> Iterator[str]:
    yield element("id", entry.id)
    yield element("title", entry.title)
    yield element("published", stamp(entry.published_at))
    yield element("updated", stamp(entry.changed_at))
    yield empty("link", rel="alternate", type="text/html", href=feed.absolute(entry.path))
    if entry.link_url:
        yield empty("link", rel="related", href=entry.link_url)
    if entry.cover:
        yield empty("link", rel="enclosure", **_file(feed, entry.cover))
    for author in entry.authors:
        yield _author(feed, author)
    for tag in entry.tags:
        yield empty("category", term=tag.slug, label=tag.title, scheme=feed.absolute("/tags"))
    if entry.summary:
        yield element("summary", entry.summary)
    yield element("content", entry.html, type="html")


def _file(feed: Feed, file: Enclosure) -> dict[str, str]:
    return {
        "type": file.content_type,
        "length": str(file.size_bytes),
        "title": file.alt,
        "href": feed.absolute(file.path),
    }


def _author(feed: Feed, author: AuthorCard) -> str:
    uri = feed.absolute(author.url or author.path)
    return wrap("author", (element("name", author.name), element("uri", uri)))


def _language(language: str) -> dict[str, str]:
    return {"xml_lang": language} if language else {}
