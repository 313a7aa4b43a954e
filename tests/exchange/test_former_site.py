import pytest

from homeport.exchange.former_site import read_assignments, read_site


@pytest.mark.parametrize(
    ("settings", "address", "base"),
    [
        ({"baseURL": "https://old.example/blog/"}, "https://old.example/blog", "/blog"),
        ({"url": "https://old.example", "baseurl": "/blog"}, "https://old.example/blog", "/blog"),
        ({"baseurl": "blog/"}, "", "/blog"),
        ({"base_url": "https://old.example"}, "https://old.example", ""),
        ({"SITEURL": "https://old.example/a/b"}, "https://old.example/a/b", "/a/b"),
        ({"baseurl": ["x"], "url": 3}, "", ""),
    ],
)
def test_the_address_and_the_path_beneath_it_are_told(settings, address, base):
    site = read_site(settings)
    assert (site.address, site.base) == (address, base)


def test_patterns_of_all_tools_are_found():
    site = read_site(
        {
            "permalinks": {"posts": "/:year/:slug/", "page": {"Notes": "/n/:title/"}, "odd": 3},
            "collections": {"recipes": {"output": True, "permalink": "/r/:path/"}, "hidden": {}},
            "ARTICLE_URL": "{slug}/",
        }
    )
    assert site.patterns == {
        "posts": "/:year/:slug/",
        "notes": "/n/:title/",
        "_recipes": "/r/:path/",
        "_hidden": "",
        "article_url": "{slug}/",
    }
    assert site.public_collections == {"recipes", "posts"}


def test_rules_for_few_come_after_rules_for_all():
    rules = [
        {"scope": {"path": "_posts/x", "type": "posts"}, "values": {"a": 2}},
        {"scope": {"path": ""}, "values": {"a": 1}},
        "odd",
        {"scope": 3, "values": {}},
    ]
    assert [rule.values for rule in read_site({"defaults": rules}).defaults] == [{"a": 1}, {"a": 2}]


def test_languages_are_read_where_they_are_languages():
    site = read_site({"default_language": "de_AT", "languages": {"en": {}, "not a language": {}}})
    assert (site.language, site.languages) == ("de-AT", {"en"})


def test_settings_in_python_are_read_and_never_run(tmp_path):
    ran = tmp_path / "ran"
    source = f"import os\nA = 'x'\nB = C = {{'k': [1]}}\nD = open({str(ran)!r}, 'w')\nE = 'a' + A\n"
    assert read_assignments(source) == {"A": "x", "B": {"k": [1]}, "C": {"k": [1]}}
    assert not ran.exists()


@pytest.mark.parametrize("source", ["def (", "A = " + "(" * 5000, "A = '\x00'", "A = " + "-" * 100_000 + "1"])
def test_python_that_cannot_be_read_says_nothing(source):
    assert read_assignments(source) == {}
