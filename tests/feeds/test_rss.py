"""RSS 2.0 as two real parsers read it."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import atoma
import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st

from homeport.blog.rows import TagCard
from homeport.feeds.rss import write_rss
from tests.factories.feeds import make_cover, make_feed, make_feed_item


def test_both_parsers_read_the_channel_and_its_item() -> None:
    data = write_rss(make_feed(make_feed_item()))
    lenient = feedparser.parse(data)
    strict = atoma.parse_rss_bytes(data)
    assert not lenient.bozo
    assert (lenient.feed.title, strict.title) == ("Far away", "Far away")
    assert strict.items[0].link == "https://example.org/posts/first-light"
    assert lenient.entries[0].content[0].value == strict.items[0].content_encoded == make_feed_item().html


def test_the_channel_links_to_itself() -> None:
    links = feedparser.parse(write_rss(make_feed())).feed.links
    assert [link.href for link in links if link.rel == "self"] == ["https://example.org/feed.rss"]


def test_the_guid_is_not_a_link() -> None:
    item = ET.fromstring(write_rss(make_feed(make_feed_item()))).find("channel/item/guid")
    assert item.attrib == {"isPermaLink": "false"}
    assert item.text == "tag:homeport,2026:018f0000-0000-7000-8000-000000000001"


def test_a_note_has_no_title() -> None:
    item = atoma.parse_rss_bytes(write_rss(make_feed(make_feed_item(title="")))).items[0]
    assert item.title is None
    assert item.description == "What the telescope saw."


def test_dates_are_those_of_the_entry() -> None:
    entry = make_feed_item(updated_at=datetime(2026, 7, 1, tzinfo=UTC))
    item = feedparser.parse(write_rss(make_feed(entry))).entries[0]
    assert item.published == "Tue, 09 Jun 2026 08:00:00 GMT"
    assert item.updated == "2026-07-01T00:00:00Z"


def test_categories_are_titles_and_the_cover_is_an_enclosure() -> None:
    entry = make_feed_item(tags=(TagCard("c++", "C++ & friends"),), cover=make_cover())
    item = atoma.parse_rss_bytes(write_rss(make_feed(entry))).items[0]
    assert item.categories == ["C++ & friends"]
    cover = item.enclosures[0]
    assert (cover.url, cover.length, cover.type) == ("https://example.org/media/0a/hill.jpg", 5120, "image/jpeg")


def test_an_entry_without_authors_is_the_sites() -> None:
    assert feedparser.parse(write_rss(make_feed(make_feed_item(authors=())))).entries[0].author == "Ada"


def test_an_item_in_another_language_says_so() -> None:
    data = write_rss(make_feed(make_feed_item(language="fr"), make_feed_item(language="en")))
    items = ET.fromstring(data).findall("channel/item")
    assert [item.findtext("{http://purl.org/dc/elements/1.1/}language") for item in items] == ["fr", None]


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_text_breaks_the_document(title: str, html: str) -> None:
    root = ET.fromstring(write_rss(make_feed(make_feed_item(title=title, html=html), title=html)))
    assert len(root.findall("channel/item")) == 1
