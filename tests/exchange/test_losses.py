from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.readers import read_file

LONG = "word " * 100


def warnings(front_matter: str, dialect: Dialect = Dialect.PLAIN) -> list[tuple[int | None, str]]:
    text = f"---\n{front_matter}\n---\nText\n"
    read = read_file("a.md", text.encode(), Origin(dialect), ZoneInfo("UTC"), datetime(2020, 1, 1, tzinfo=UTC))
    return [(each.line, each.reason) for each in read.warnings]


def losses(front_matter: str) -> list[str]:
    """Return what is said of a front matter that has a title and a date of its own."""
    said = warnings(f"title: T\ndate: 2020-01-01\n{front_matter}")
    assert all(line == 4 for line, _ in said)
    return [reason for _, reason in said]


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("{en: Hello, de: Hallo}", "the title is left out: it is a table and not a text"),
        ("[a, b]", "the title is left out: it is a list and not a text"),
        ("yes", "the title is left out: it is true and not a text (quotes make one of it)"),
        (LONG, "the title has 499 characters; the first 300 are taken"),
    ],
)
def test_a_title_that_cannot_be_taken_as_it_is(title, sentence):
    assert warnings(f"date: 2020-01-01\ntitle: {title}") == [(3, sentence)]


@pytest.mark.parametrize(
    ("front_matter", "sentence"),
    [
        ("slug: [a, b]", "the slug is left out: it is a list and not a text"),
        (f"slug: {'a' * 200}", "the slug has 200 characters; the first 110 are taken"),
        (f"description: {'word ' * 500}", "the description has 2,499 characters; the first 2000 are taken"),
        ('tags: ["!!!", sea]', "the tag '!!!' has no letter or digit and is left out"),
        ("tags: [[a, b], sea]", "a tag is left out: it is a list and not a text"),
        ("tags: [true]", None),
        (f"tags: [{', '.join(f't{number}' for number in range(120))}]", "there are 120 names of tag; only 100 can"),
        ('author: "?"', "the author '?' has no letter or digit and is left out"),
        ("series: [One, Two]", "there are 2 names of series; only 1 can be taken"),
        ("part: two", "the place in the series, 'two', is no whole number and left out"),
        ("canonical: /here", "the canonical address '/here' is no full web address and left out"),
        ("link: here.html", "the link 'here.html' is no full web address and left out"),
        ("lang: Deutsch", "'Deutsch' is no language code and left out"),
        ("lastmod: 0001-01-01T00:00:00Z", "lastmod: a date in the year 1 stands for none"),
        ("cover: [a.png, b.png]", "the cover is left out: it is a list and not a text"),
        ("aliases: [/]", "no redirect made: the site's first page is at '/'"),
        ("aliases: [{to: x}]", "a former address is not a text; it is left out"),
        ("draft: perhaps", "taken as a draft: draft is 'perhaps', which is neither true nor false"),
    ],
)
def test_what_is_left_out_or_cut_is_said_with_its_line(front_matter, sentence):
    said = losses(front_matter)
    assert [reason.startswith(sentence) for reason in said] == [True] if sentence else said == []


@pytest.mark.parametrize(
    "front_matter",
    [
        "tags: sea, boats\nseries: One\npart: 2\nlang: de_AT\ncanonical: https://a.example/b\nlink: https://b.example",
        "cover:\n  image: a.png\n  alt: A\nauthors:\n  - name: Ada\n    email: a@b.example",
        "aliases: [/old, older.html]\ndraft: no\nsubtitle: ~\ndescription: ''\ntags: []\nodd: {key: [1, 2]}",
    ],
)
def test_of_what_is_taken_nothing_is_said(front_matter):
    assert warnings(f"title: T\ndate: 2020-01-01\n{front_matter}") == []


def test_a_title_that_yaml_takes_for_a_date_is_a_title():
    text = b"---\ntitle: 2001-01-01\ndate: 2020-01-01\n---\nText\n"
    read = read_file("a.md", text, Origin(Dialect.PLAIN), ZoneInfo("UTC"), None)
    assert (read.post.title, read.warnings) == ("2001-01-01", ())


def test_what_is_neither_yes_nor_no_shows_nothing_to_anybody():
    read = read_file("a.md", b"---\ndraft: perhaps\n---\nText\n", Origin(Dialect.PLAIN), ZoneInfo("UTC"), None)
    assert read.post.state == "draft"
