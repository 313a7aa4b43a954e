from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from homeport.exchange.patterns import fill_braces, fill_colons, hugo_name, names_of

DATE = datetime(2020, 3, 4, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/:year/:month/:day/:slug/", "/2020/03/04/x/"),
        (":short_year/:i_month//:slug", "/20/3/x"),
        ("/:slug/:unknown/", ""),
    ],
)
def test_colons_are_filled_in_or_nothing_is_made(pattern, path):
    assert fill_colons(pattern, {"slug": "x"}, DATE) == path


def test_a_pattern_with_a_date_needs_one():
    assert (
        fill_colons("/:year/:slug/", {"slug": "x"}, None) == fill_braces("{date:%Y}/{slug}", {"slug": "x"}, None) == ""
    )


def test_braces_are_filled_in_or_nothing_is_made():
    assert fill_braces("{date:%Y}/{date:%b}/{slug}.html", {"slug": "x"}, DATE) == "/2020/Mar/x.html"
    assert fill_braces("{slug.__class__}", {"slug": "x"}, DATE) == ""
    assert fill_braces("{other}/{slug}", {"slug": "x"}, DATE) == ""


def test_days_are_those_of_the_clock_the_date_was_written_by():
    assert fill_colons("/:day", {}, DATE) == "/04"
    assert fill_colons("/:day", {}, DATE.astimezone(ZoneInfo("Europe/Berlin"))) == "/05"


def test_hugo_writes_titles_in_their_own_letters():
    assert hugo_name("Ein Grüner  Tag: 1.0!") == "ein-grüner-tag-1.0"
    assert names_of("Big Day", "file", "")["slug"] == "big-day"
    assert names_of("Big Day", "file", "said")["slug"] == "said"
    assert names_of("", "file", "")["title"] == "file"
