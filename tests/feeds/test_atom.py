"""Atom as two real parsers read it, and what only a look at the document itself shows."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import atoma
import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeport.blog.rows import AuthorCard
from homeport.feeds.atom import write_atom
from tests.factories.feeds import make_cover, make_feed, make_feed_item

NAMESPACES = {"atom": "http://www.w3.org/2005/Atom"}


def test_both_parsers_read_the_feed_and_its_entry() -> None:
    data = write_atom(make_feed(make_feed_item()))
    lenient = feedparser.parse(data)
    strict = atoma.parse_atom_bytes(data)
    assert not lenient.bozo
    assert (lenient.feed.title, strict.title.value) == ("Far away", "Far away")
    assert (lenient.entries[0].title, strict.entries[0].title.value) == ("First light", "First light")
    assert lenient.entries[0].content[0].value == strict.entries[0].content.value == make_feed_item().html


def test_links_lead_to_the_feed_itself_and_to_the_page_it_stands_for() -> None:
    feed = atoma.parse_atom_bytes(write_atom(make_feed(path="/tags/night-sky")))
    assert {link.rel: link.href for link in feed.links} == {
        "self": "https://example.org/tags/night-sky/feed.atom",
        "alternate": "https://example.org/tags/night-sky",
    }


def test_an_entry_is_known_by_a_tag_uri_of_its_public_id() -> None:
    entry = atoma.parse_atom_bytes(write_atom(make_feed(make_feed_item()))).entries[0]
    assert entry.id_ == "tag:homeport,2026:018f0000-0000-7000-8000-000000000001"


def test_an_imported_entry_keeps_the_id_that_readers_know() -> None:
    data = write_atom(make_feed(make_feed_item(feed_id="https://old.example/?p=7")))
    assert atoma.parse_atom_bytes(data).entries[0].id_ == "https://old.example/?p=7"


def test_an_update_before_publication_does_not_count() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    entry = make_feed_item(published_at=late, updated_at=early)
    assert atoma.parse_atom_bytes(write_atom(make_feed(entry))).entries[0].updated == late


def test_the_feed_was_updated_when_its_latest_change_was_made() -> None:
    changed = datetime(2026, 9, 1, tzinfo=UTC)
    feed = atoma.parse_atom_bytes(write_atom(make_feed(make_feed_item(), make_feed_item(updated_at=changed))))
    assert feed.updated == changed


def test_a_note_has_an_empty_title_because_the_format_demands_one() -> None:
    data = write_atom(make_feed(make_feed_item(title="")))
    assert ET.fromstring(data).find("atom:entry/atom:title", NAMESPACES).text is None
    assert feedparser.parse(data).entries[0].title == ""


def test_a_cover_is_an_enclosure_with_its_type_and_size() -> None:
    entry = feedparser.parse(write_atom(make_feed(make_feed_item(cover=make_cover())))).entries[0]
    assert dict(entry.enclosures[0]) == {
        "type": "image/jpeg",
        "length": "5120",
        "title": "A hill",
        "href": "https://example.org/media/0a/hill.jpg",
    }


def test_authors_and_categories_are_there() -> None:
    entry = atoma.parse_atom_bytes(write_atom(make_feed(make_feed_item()))).entries[0]
    assert [(author.name, author.uri) for author in entry.authors] == [("Ada", "https://example.org/authors/ada")]
    assert [(category.term, category.label) for category in entry.categories] == [("night-sky", "Night sky")]


def test_an_author_elsewhere_keeps_their_own_address() -> None:
    author = AuthorCard(slug="ada", name="Ada", url="https://ada.example/")
    entry = atoma.parse_atom_bytes(write_atom(make_feed(make_feed_item(authors=(author,))))).entries[0]
    assert entry.authors[0].uri == "https://ada.example/"


def test_a_link_post_says_what_it_is_about() -> None:
    entry = make_feed_item(link_url="https://elsewhere.example/a?b=1&c=2")
    links = atoma.parse_atom_bytes(write_atom(make_feed(entry))).entries[0].links
    assert [link.href for link in links if link.rel == "related"] == ["https://elsewhere.example/a?b=1&c=2"]


def test_an_entry_in_another_language_says_so() -> None:
    root = ET.fromstring(write_atom(make_feed(make_feed_item(language="fr"))))
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert root.get(language) == "en"
    assert root.find("atom:entry", NAMESPACES).get(language) == "fr"


def test_without_an_address_links_stay_relative_and_ids_stay_uris() -> None:
    feed = atoma.parse_atom_bytes(write_atom(make_feed(make_feed_item(), address="", path="/series/a b")))
    assert feed.id_ == "tag:homeport,2026:/series/a%20b"
    assert {link.href for link in feed.links} == {"/series/a%20b/feed.atom", "/series/a%20b"}
    assert feed.entries[0].links[0].href == "/posts/first-light"


def test_an_empty_feed_always_says_the_same() -> None:
    data = write_atom(make_feed())
    assert data == write_atom(make_feed())
    assert atoma.parse_atom_bytes(data).entries == []


@pytest.mark.parametrize("year", [1, 33, 9998])
def test_dates_far_away_have_four_digits_of_year(year: int) -> None:
    data = write_atom(make_feed(make_feed_item(published_at=datetime(year, 1, 2, tzinfo=UTC))))
    assert f"<published>{year:04}-01-02T00:00:00Z</published>".encode() in data


@settings(deadline=None)
@given(st.text(), st.text(), st.text())
def test_no_text_breaks_the_document(title: str, html: str, alt: str) -> None:
    entry = make_feed_item(title=title, html=html, summary=title, link_url=alt, cover=make_cover(alt=alt))
    root = ET.fromstring(write_atom(make_feed(entry, title=title, subtitle=html)))
    written = root.find("atom:entry/atom:title", NAMESPACES).text or ""
    assert _letters(written) == _letters(title)


def _letters(text: str) -> str:
    """Drop what XML forbids or may normalise, so that the rest can be compared."""
    return "".join(character for character in text if character.isalnum())
