"""What a microformats parser, written by others, reads from the pages."""

import mf2py
import pytest

from homeport.site.actions import update_site
from tests.factories.blog import LONG_AGO, make_entry, make_page

SITE = "https://example.org"


@pytest.fixture(autouse=True)
def ours(session) -> None:
    update_site(session, title="Harbour notes", author_name="Ada", author_url="https://ada.example/")


def _items(client, path) -> list[dict]:
    """Return the page's own items; the card in the footer is on every page."""
    parsed = mf2py.parse(doc=client.get(path).text, url=f"{SITE}{path}", html_parser="html5lib")
    return [item for item in parsed["items"] if item["type"] != ["h-card"]]


def _author(properties) -> tuple[list[str], list[str]]:
    (card,) = properties["author"]
    assert card["type"] == ["h-card"]
    return card["properties"]["name"], card["properties"]["url"]


def test_the_home_page_is_a_feed_with_a_name_an_author_and_entries(session, client):
    for number in range(3):
        make_entry(session, slug=f"p{number}", title=f"Post {number}")
    (feed,) = _items(client, "/")
    assert feed["type"] == ["h-feed"]
    assert feed["properties"]["name"] == ["Harbour notes"]
    assert _author(feed["properties"]) == (["Ada"], ["https://ada.example/"])
    assert {entry["type"][0] for entry in feed["children"]} == {"h-entry"}
    assert {entry["properties"]["name"][0] for entry in feed["children"]} == {"Post 0", "Post 1", "Post 2"}
    for entry in feed["children"]:
        assert entry["properties"]["url"][0].startswith(f"{SITE}/posts/p")
        assert len(entry["properties"]["published"]) == 1


def test_an_authors_page_is_a_feed_of_this_author(session, client):
    make_entry(session, authors=("Grace",))
    (feed,) = _items(client, "/authors/grace")
    assert (feed["type"], feed["properties"]["name"]) == (["h-feed"], ["Grace"])
    assert feed["properties"]["author"][0]["properties"]["name"] == ["Grace"]
    assert len(feed["children"]) == 1


@pytest.mark.parametrize(("make", "path"), [(make_entry, "/posts/one"), (make_page, "/one")])
@pytest.mark.parametrize(
    ("authors", "author"),
    [(("Grace",), (["Grace"], [f"{SITE}/authors/grace"])), ((), (["Ada"], ["https://ada.example/"]))],
)
def test_a_post_and_a_page_are_entries_with_all_that_identifies_them(session, client, make, path, authors, author):
    make(session, slug="one", title="One", source="Some *words*.\n", authors=authors)
    (entry,) = _items(client, path)
    properties = entry["properties"]
    assert entry["type"] == ["h-entry"]
    assert properties["name"] == ["One"]
    assert properties["url"] == properties["uid"] == [f"{SITE}{path}"]
    assert properties["published"][0].startswith(LONG_AGO.strftime("%Y-%m"))
    assert _author(properties) == author
    assert properties["content"][0]["html"].strip() == "<p>Some <em>words</em>.</p>"
