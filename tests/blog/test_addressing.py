from datetime import UTC, datetime

import pytest

from homeport.blog.addressing import SlugError, check_slug, is_own_place, made_slug, path_for


@pytest.mark.parametrize(
    ("title", "source", "kind", "slug"),
    [
        ("Ünïcode & Co.", "", "article", "unicode-co"),
        (None, "Some words here", "note", "some-words-here"),
        ("", "one two three four five six seven eight nine", "note", "one-two-three-four-five-six-seven-eight"),
        ("!!!", "", "article", "untitled"),
        ("Tags", "", "page", "tags-page"),
        ("Tags", "", "article", "tags"),
    ],
)
def test_a_slug_is_made_of_the_title_or_the_first_words(title, source, kind, slug):
    assert made_slug(title, source, kind, "/posts/{slug}") == slug


def test_a_slug_is_never_made_for_an_address_of_the_site_itself():
    assert made_slug("Archive", "", "article", "/{slug}/") == "archive-post"
    assert made_slug("Archive", "", "article", "/{year}/{slug}") == "archive"
    assert made_slug("Archive", "", "page", "/{year}/{slug}") == "archive-page"


def test_which_addresses_are_the_sites_own_depends_on_the_pattern():
    assert is_own_place("article", "feed.xml", "/{slug}") is False
    assert is_own_place("article", "feed.atom", "/{slug}") is True
    assert is_own_place("article", "studio", "/{slug}/{year}") is True
    assert is_own_place("article", "studio", "/posts/{slug}") is False
    assert is_own_place("page", "studio", "/posts/{slug}") is True


def test_a_slug_that_cannot_stand_in_an_address_is_refused():
    assert check_slug("my-first-post", "article") == "my-first-post"
    for slug, kind in (("a/b", "article"), ("A B", "article"), ("studio", "page")):
        with pytest.raises(SlugError):
            check_slug(slug, kind)


def test_a_path_needs_a_date_only_where_the_pattern_does(site):
    assert path_for(site, "article", "one", None) == "/posts/one"
    site.permalink_pattern, site.time_zone = "/{year}/{slug}", "Europe/Berlin"
    assert path_for(site, "article", "one", None) is None
    assert path_for(site, "article", "one", datetime(2025, 12, 31, 23, 30, tzinfo=UTC)) == "/2026/one"
    assert path_for(site, "page", "about", None) == "/about"
