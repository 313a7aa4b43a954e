from datetime import UTC, datetime

import pytest

from homeport.exchange.addresses import AddressError, feed_id, habitual_paths, own_address, to_path
from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.fields import Fields

DATE = datetime(2020, 1, 2, tzinfo=UTC)


def habits(dialect, path, *, slug="", date=None, permalink="", **data):
    return list(habitual_paths(path, Origin(dialect, permalink=permalink), slug, date, Fields(data, "")))


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("2019/05/15/4-Years.html", "/2019/05/15/4-Years.html"),
        ("/old/", "/old/"),
        ("/old//x", "/old/x"),
        ("/caf%C3%A9", "/café"),
        ("https://old.example/x/", "/x/"),
    ],
)
def test_addresses_become_paths(written, path):
    assert to_path(written, "https://old.example") == path


@pytest.mark.parametrize(
    "written",
    [
        *("../../etc/passwd", "/a/../b", "/a/%2e%2e/b", "https://other.example/x", "mailto:a@b.example", "/?p=1"),
        *("/a\\b", "/a%0Ab", "/a%00b", "/" + "x" * 2000),
    ],
)
def test_what_is_no_path_of_this_site_is_refused(written):
    with pytest.raises(AddressError):
        to_path(written, "https://old.example")


def test_each_tool_has_its_habits():
    assert habits(Dialect.ZOLA, "blog/2020-01-02-My Post.md") == ["/blog/my-post/"]
    assert habits(Dialect.ZOLA, "blog/bundle/index.md", slug="said") == ["/blog/said/"]
    assert habits(Dialect.ZOLA, "_index.md") == ["/"]
    assert habits(Dialect.HUGO, "Posts/My Post.md") == ["/posts/my-post/"]
    assert habits(Dialect.HUGO, "posts/bundle/index.md") == ["/posts/bundle/"]
    assert habits(Dialect.PELICAN, "x.md", title="My Post") == ["/my-post.html"]
    assert habits(Dialect.PELICAN, "pages/about.md") == ["/pages/about.html"]
    assert habits(Dialect.PLAIN, "a/b.md") == []


def test_jekyll_posts_follow_its_permalinks():
    path = "_posts/2020-01-02-my-post.md"
    assert habits(Dialect.JEKYLL, path, date=DATE) == ["/2020/01/02/my-post.html", "/2020/01/02/my-post"]
    assert habits(Dialect.JEKYLL, path, date=DATE, categories="Tech Life", permalink="pretty") == [
        "/tech/life/2020/01/02/my-post/"
    ]
    assert habits(Dialect.JEKYLL, path, date=DATE, permalink="/blog/:i_day/:short_year/:title") == [
        "/blog/2/20/my-post"
    ]
    assert habits(Dialect.JEKYLL, "news/_posts/2020-01-02-x.md", date=DATE)[0] == "/news/2020/01/02/x.html"
    assert habits(Dialect.JEKYLL, "about.md") == ["/about.html", "/about/"]


def test_a_pattern_in_front_matter_is_no_address():
    origin = Origin(Dialect.JEKYLL)
    assert own_address(Fields({"permalink": "/blog/:title/"}, ""), origin) == ""
    assert own_address(Fields({"url": "{slug}.html"}, ""), origin) == ""
    assert own_address(Fields({"permalink": "/about/"}, ""), origin) == "/about/"


def test_only_zola_calls_the_address_path():
    fields = Fields({"path": "2020/01/02/x"}, "")
    assert own_address(fields, Origin(Dialect.ZOLA)) == "2020/01/02/x"
    assert own_address(fields, Origin(Dialect.HUGO)) == ""


def test_feed_ids_are_the_former_addresses_where_these_are_known():
    assert feed_id(Origin(Dialect.ZOLA, address="https://a.example"), "/x/") == "https://a.example/x/"
    assert feed_id(Origin(Dialect.JEKYLL, address="https://a.example"), "/x.html") == "https://a.example/x"
    assert feed_id(Origin(Dialect.ZOLA), "/x/") is None
