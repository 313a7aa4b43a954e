"""JSON Feed 1.1, by its specification and as a real parser reads it."""

import json
from typing import Any

import atoma
from hypothesis import given, settings
from hypothesis import strategies as st

from homeport.feeds.json_feed import write_json_feed
from tests.factories.feeds import make_cover, make_feed, make_feed_item


def test_a_parser_reads_the_feed_and_its_item() -> None:
    feed = atoma.parse_json_feed_bytes(write_json_feed(make_feed(make_feed_item())))
    assert (feed.title, feed.items[0].title) == ("Far away", "First light")
    assert feed.items[0].content_html == make_feed_item().html


def test_the_head_is_that_of_version_1_1() -> None:
    document = _document(make_feed(path="/series/nights"))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["home_page_url"] == "https://example.org/series/nights"
    assert document["feed_url"] == "https://example.org/series/nights/feed.json"
    assert document["authors"] == [{"name": "Ada", "url": "https://example.org/"}]
    assert document["items"] == []


def test_a_note_has_no_title_and_nothing_is_empty() -> None:
    item = _document(make_feed(make_feed_item(title="", summary="", tags=())))["items"][0]
    assert {"title", "summary", "tags", "image", "attachments", "external_url", "language"}.isdisjoint(item)


def test_an_entry_without_text_still_has_content() -> None:
    assert _document(make_feed(make_feed_item(html="")))["items"][0]["content_html"] == ""


def test_a_cover_is_the_image_and_an_attachment() -> None:
    item = _document(make_feed(make_feed_item(cover=make_cover())))["items"][0]
    assert item["image"] == "https://example.org/media/0a/hill.jpg"
    assert item["attachments"] == [
        {"url": item["image"], "mime_type": "image/jpeg", "title": "A hill", "size_in_bytes": 5120}
    ]


def test_a_link_post_names_what_it_is_about() -> None:
    item = _document(make_feed(make_feed_item(link_url="https://elsewhere.example/")))["items"][0]
    assert item["external_url"] == "https://elsewhere.example/"
    assert item["url"] == "https://example.org/posts/first-light"


@settings(deadline=None)
@given(st.text())
def test_any_title_comes_back_without_what_text_may_not_hold(title: str) -> None:
    document = _document(make_feed(make_feed_item(title=title), title="x" + title))
    assert document["title"] == "x" + "".join(
        c for c in title if (c >= " " and c not in "\ufffe\uffff") or c in "\t\n\r"
    )


def _is_text(character: str) -> bool:
    return character in "\t\n\r" or (character >= " " and character not in "\ufffe\uffff")


def _document(feed: Any) -> dict[str, Any]:
    return json.loads(write_json_feed(feed))
