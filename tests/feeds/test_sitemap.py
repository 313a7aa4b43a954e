"""Sitemap and robots.txt as bytes, whatever paths there are."""

from datetime import UTC, datetime
from itertools import repeat
from xml.etree import ElementTree as ET

from homeport.feeds.sitemap import Location, Part, write_index, write_robots, write_urlset

NAMESPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
MOMENT = datetime(2026, 6, 9, tzinfo=UTC)


def test_paths_are_encoded_and_escaped() -> None:
    root = ET.fromstring(b"".join(write_urlset("https://example.org", [Location("/a b/100%/é&c", MOMENT)])))
    assert root.findtext("s:url/s:loc", None, NAMESPACES) == "https://example.org/a%20b/100%25/%C3%A9&c"


def test_a_page_that_never_changed_has_no_date() -> None:
    root = ET.fromstring(b"".join(write_urlset("", [Location("/", None)])))
    assert root.find("s:url/s:lastmod", NAMESPACES) is None


def test_an_empty_sitemap_is_a_document() -> None:
    assert len(ET.fromstring(b"".join(write_urlset("", [])))) == 0


def test_it_is_written_while_locations_are_still_to_come() -> None:
    endless = write_urlset("", repeat(Location("/x", MOMENT)))
    pieces = [next(endless) for _ in range(4)]
    assert pieces[1] == pieces[2] == pieces[3]
    assert len(pieces[1]) < 100_000


def test_an_index_names_each_part_with_its_last_change() -> None:
    root = ET.fromstring(write_index("https://example.org", [Part(0, 5, None), Part(3, 9, MOMENT)]))
    assert [(p.findtext("s:loc", "", NAMESPACES), p.findtext("s:lastmod", "", NAMESPACES)) for p in root] == [
        ("https://example.org/sitemap-0.xml", ""),
        ("https://example.org/sitemap-3.xml", "2026-06-09T00:00:00Z"),
    ]


def test_robots_may_read_everything_public() -> None:
    assert "Disallow: /\n" not in write_robots("https://example.org")
