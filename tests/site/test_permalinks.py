from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from homeport.site.permalinks import PatternError, Permalinks, check_pattern, is_reserved, slug_of

NEW_YEAR = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)


def test_dates_are_those_of_the_sites_time_zone():
    pattern = "/{year}/{month}/{day}/{slug}/"
    assert Permalinks(pattern, ZoneInfo("Europe/Berlin")).path("party", NEW_YEAR) == "/2026/01/01/party/"
    assert Permalinks(pattern, ZoneInfo("UTC")).path("party", NEW_YEAR) == "/2025/12/31/party/"


def test_the_end_of_time_has_an_address_everywhere():
    last = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    assert Permalinks("/{year}/{slug}", ZoneInfo("Asia/Tokyo")).path("a", last) == "/9999/a"


def test_a_draft_has_an_address_unless_the_pattern_needs_a_date():
    assert Permalinks("/posts/{slug}", ZoneInfo("UTC")).path("draft", None) == "/posts/draft"
    assert Permalinks("/{year}/{slug}", ZoneInfo("UTC")).path("draft", None) is None


@pytest.mark.parametrize("path", ["/2025/12/party", "/2025/12/party/"])
def test_an_address_of_a_pattern_gives_its_slug_back(path):
    assert slug_of("/{year}/{month}/{slug}/", path) == "party"


@pytest.mark.parametrize("path", ["/2025/party", "/2025/12/a/b", "/25/12/party", "/"])
def test_other_addresses_give_none(path):
    assert slug_of("/{year}/{month}/{slug}/", path) is None


@pytest.mark.parametrize(
    "pattern", ["posts/{slug}", "/posts", "/{slug}/{slug}", "/{id}/{slug}", "/a b/{slug}", "//{slug}", "/tags/{slug}"]
)
def test_a_pattern_that_cannot_name_every_post_is_refused(pattern):
    with pytest.raises(PatternError):
        check_pattern(pattern)


@pytest.mark.parametrize("pattern", ["/{slug}", "/{year}/{month}/{slug}/", "/blog/{slug}.html", "/posts/{slug}"])
def test_usual_patterns_are_taken(pattern):
    assert check_pattern(pattern) == pattern


@pytest.mark.parametrize("path", ["/tags/x", "/Studio", "/sitemap-3.xml", "/.well-known/x"])
def test_the_sites_own_paths_are_reserved(path):
    assert is_reserved(path)
    assert not is_reserved("/about")
