"""Feeds and their entries as rows, for tests of the formats."""

from datetime import UTC, datetime
from typing import Any

from homeport.blog.rows import AuthorCard, TagCard
from homeport.feeds.rows import Enclosure, Feed, FeedItem

ADDRESS = "https://example.org"


def make_cover(**changes: Any) -> Enclosure:
    values = {"path": "/media/0a/hill.jpg", "content_type": "image/jpeg", "size_bytes": 5120, "alt": "A hill"}
    return Enclosure(**{**values, **changes})


def make_feed_item(**changes: Any) -> FeedItem:
    values: dict[str, Any] = {
        "path": "/posts/first-light",
        "public_id": "018f0000-0000-7000-8000-000000000001",
        "feed_id": "",
        "title": "First light",
        "summary": "What the telescope saw.",
        "html": '<p>What the <a href="https://example.org/telescope">telescope</a> saw.</p>',
        "language": "",
        "link_url": "",
        "published_at": datetime(2026, 6, 9, 8, 0, tzinfo=UTC),
        "updated_at": None,
        "authors": (AuthorCard(slug="ada", name="Ada"),),
        "tags": (TagCard(slug="night-sky", title="Night sky"),),
        "cover": None,
    }
    return FeedItem(**{**values, **changes})


def make_feed(*items: FeedItem, **changes: Any) -> Feed:
    values: dict[str, Any] = {
        "title": "Far away",
        "subtitle": "Notes from a hill",
        "path": "/",
        "address": ADDRESS,
        "language": "en",
        "author": AuthorCard(slug="", name="Ada", url="/"),
        "icon_path": "",
        "items": items,
    }
    return Feed(**{**values, **changes})
