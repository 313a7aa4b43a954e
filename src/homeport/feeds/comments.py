"""Writes the comments on an entry as an Atom feed (RFC 4287), each tied to the entry as an answer (RFC 4685)."""

from collections.abc import Iterator

from homeport.comments.queries.feed import CommentFeed
from homeport.comments.rows import ShownComment, path_of_comment
from homeport.feeds.markup import DECLARATION, element, empty, stamp, wrap
from homeport.feeds.rows import NEVER, locate
from homeport.site.rows import SiteCard
from homeport.text.feed import for_feed

CONTENT_TYPE = "application/atom+xml"
FILE_NAME = "comments.atom"
NAMESPACES = {"xmlns": "http://www.w3.org/2005/Atom", "xmlns_thr": "http://purl.org/syndication/thread/1.0"}


def write_comments(site: SiteCard, feed: CommentFeed) -> bytes:
    """Return the feed's bytes."""
    document = wrap("feed", _head_and_comments(site, feed), **NAMESPACES, xml_lang=site.language)
    return f"{DECLARATION}{document}\n".encode()


def _head_and_comments(site: SiteCard, feed: CommentFeed) -> Iterator[str]:
    page = locate(site.address, feed.entry_path)
    yield element("id", f"tag:homeport,2026:{feed.entry_public_id}/comments")
    yield element("title", f"Comments on {site.typeset(feed.entry_title)}")
    yield element("updated", stamp(max((one.updated_at for one, _ in feed.comments), default=NEVER)))
    yield empty("link", rel="self", type=CONTENT_TYPE, href=f"{page.rstrip('/')}/{FILE_NAME}")
    yield empty("link", rel="alternate", type="text/html", href=page)
    yield element("generator", "Homeport")
    for comment, thread in feed.comments:
        yield wrap("entry", _comment(site, feed, comment, thread))


def _comment(site: SiteCard, feed: CommentFeed, comment: ShownComment, thread: str) -> Iterator[str]:
    page = locate(site.address, feed.entry_path)
    uri = locate(site.address, comment.author_path) if comment.author_path else comment.url
    yield element("id", f"tag:homeport,2026:{comment.public_id}")
    yield element("title", f"{comment.name} on {site.typeset(feed.entry_title)}")
    yield element("published", stamp(comment.created_at))
    yield element("updated", stamp(comment.updated_at))
    yield empty(
        "link",
        rel="alternate",
        type="text/html",
        href=path_of_comment(page, comment.public_id, thread, is_apart=bool(thread)),
    )
    yield empty("thr:in-reply-to", ref=f"tag:homeport,2026:{feed.entry_public_id}", href=page)
    yield wrap("author", (element("name", comment.name), *([element("uri", uri)] if uri else [])))
    yield element("content", for_feed(comment.html, page), type="html")
