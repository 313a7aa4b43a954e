from zoneinfo import ZoneInfo

import pytest

from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.former_site import read_site
from homeport.exchange.readers import read_file


def read(written, path="content/posts/a.md", dialect=Dialect.HUGO, **settings):
    origin = Origin(dialect, "content/", site=read_site(settings))
    content = f"---\ntitle: A\ndate: 2020-01-02\n{written}\n---\nText"
    return read_file(path, content.encode(), origin, ZoneInfo("UTC"), None)


@pytest.mark.parametrize(
    "written",
    [
        "headless: true",
        "build:\n  render: never",
        "_build:\n  render: false",
        "expiryDate: 2020-02-03",
        "expires: 2020-02-03",
        "render: false",
    ],
)
def test_what_the_tool_showed_to_nobody_is_a_draft_and_said_to_be(written):
    taken = read(written)
    assert taken.post.state == "draft"
    assert "taken as a draft" in taken.warnings[0].reason


@pytest.mark.parametrize(
    "written", ["headless: false", "build:\n  render: always", "expires: 2999-01-01", "render: true"]
)
def test_what_the_tool_showed_stays_public(written):
    taken = read(written)
    assert (taken.post.state, taken.warnings) == ("published", ())


def test_what_was_in_no_list_is_unlisted():
    assert read("build:\n  list: never").post.state == "unlisted"


def test_a_collection_without_output_is_not_public():
    settings = {"collections": {"recipes": {"output": True}, "people": {}}}
    assert read("", "_recipes/a.md", Dialect.JEKYLL, **settings).post.state == "published"
    assert read("", "_people/a.md", Dialect.JEKYLL, **settings).post.state == "draft"
    assert read("published: false", "_posts/2020-01-02-a.md", Dialect.JEKYLL, **settings).post.state == "draft"
