import pytest
from sqlalchemy import select

from homeport.site.models import Redirect


def text(**data: str) -> str:
    lines = "".join(f"{key}: {value}\n" for key, value in {"title": "A", "date": "2020-01-02", **data}.items())
    return f"---\n{lines}---\nText\n"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/index.xml", "/feed.rss"),
        ("/rss.xml", "/feed.rss"),
        ("/feed.xml", "/feed.atom"),
        ("/atom.xml", "/feed.atom"),
        ("/feeds/all.atom.xml", "/feed.atom"),
        ("/categories/big-sea/", "/tags/big-sea"),
        ("/categories/big-sea", "/tags/big-sea"),
        ("/tag/big-sea.html", "/tags/big-sea"),
        ("/tag/big-sea/", "/tags/big-sea"),
        ("/category/big-sea.html", "/tags/big-sea"),
        ("/author/ada.html", "/authors/ada"),
    ],
)
def test_former_feeds_and_lists_lead_to_those_here(bring_in, client, path, target):
    bring_in({"hugo.toml": "", "content/posts/a.md": text(tags="[Big Sea]", author="Ada")})
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (301, target)


def test_a_site_beneath_a_path_had_its_lists_there(bring_in, client):
    bring_in({"_config.yml": "baseurl: /blog\n", "_posts/2020-01-02-a.md": text(tags="sea")})
    assert client.get("/blog/feed.xml").location == "/feed.atom"
    assert client.get("/blog/tags/sea/").location == "/tags/sea"
    assert client.get("/blog/").location == "/"


def test_what_lives_at_such_an_address_stays(bring_in, client):
    bring_in({"hugo.toml": "", "content/posts/a.md": text(aliases="[/feed.xml]")})
    assert client.get("/feed.xml").location == "/posts/a"


def test_a_plain_folder_had_no_feeds(bring_in, session):
    bring_in({"a.md": text(tags="[sea]")})
    assert list(session.scalars(select(Redirect.path))) == []
