"""Writes a feed as JSON Feed 1.1."""

import json
from typing import Any

from homeport.blog.rows import AuthorCard
from homeport.feeds.markup import clean, stamp
from homeport.feeds.rows import Feed, FeedItem

CONTENT_TYPE = "application/feed+json"
FILE_NAME = "feed.json"
REQUIRED = ("items", "content_html")


def write_json_feed(feed: Feed) -> bytes:
    """Return the feed's bytes."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.absolute(feed.path),
        "feed_url": feed.absolute(feed.own_path(FILE_NAME)),
        "description": feed.subtitle,
        "icon": feed.absolute(feed.icon_path),
        "language": feed.language,
        "authors": [_author(feed, feed.author)],
        "items": [_item(feed, entry) for entry in feed.items],
    }
    return json.dumps(_compact(document), ensure_ascii=False, indent=1).encode() + b"\n"


def _item(feed: Feed, entry: FeedItem) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": feed.absolute(entry.path),
        "external_url": entry.link_url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "image": feed.absolute(entry.cover.path) if entry.cover else "",
        "date_published": stamp(entry.published_at),
        "date_modified": stamp(entry.changed_at),
        "authors": [_author(feed, author) for author in entry.authors],
        "tags": [tag.title for tag in entry.tags],
        "language": entry.language,
        "attachments": _attachments(feed, entry),
    }


def _author(feed: Feed, author: AuthorCard) -> dict[str, str]:
    return {
        "name": author.name,
        "url": feed.absolute(author.url or author.path),
        "avatar": feed.absolute(author.image_path),
    }


def _attachments(feed: Feed, entry: FeedItem) -> list[dict[str, Any]]:
    if not entry.cover:
        return []
    return [
        {
            "url": feed.absolute(entry.cover.path),
            "mime_type": entry.cover.content_type,
            "title": entry.cover.alt,
            "size_in_bytes": entry.cover.size_bytes,
        }
    ]


def _compact(value: Any) -> Any:
    """Leave out what is empty (the format knows no empty values, only absent ones) and what no text may hold."""
    if isinstance(value, dict):
        return {key: _compact(part) for key, part in value.items() if part not in ("", []) or key in REQUIRED}
    if isinstance(value, list):
        return [_compact(part) for part in value]
    return clean(value) if isinstance(value, str) else value
