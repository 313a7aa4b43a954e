from datetime import UTC, datetime

import pytest

from homeport.blog.actions import rerender
from homeport.exchange.addresses import AddressError, feed_id, habitual_paths, own_address, to_path
from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.fields import Fields
from tests.factories.folders import png

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


HEAD = "---\ntitle: Big Day\ndate: 2020-03-04\n{more}---\nText\n"


def text(more: str = "", body: str = "") -> str:
    return HEAD.format(more=more) + body


def location(client, path):
    return client.get(path).location


@pytest.mark.parametrize(
    "said",
    [
        {"config.toml": 'baseURL = "https://old.example/"\n[permalinks]\nposts = "/:year/:month/:slug/"\n'},
        {"hugo.yaml": "permalinks:\n  page:\n    posts: /:year/:month/:title\n"},
        {"hugo.json": '{"permalinks": {"posts": "/:year/:month/:slug"}}'},
    ],
)
def test_hugo_permalinks_of_a_section(bring_in, client, said):
    bring_in(said | {"content/posts/x.md": text(), "content/about.md": text()})
    assert location(client, "/2020/03/big-day/") == "/posts/x"
    assert location(client, "/about/") == "/posts/about"


def test_hugo_patterns_with_the_names_of_files_and_sections(bring_in, client):
    bring_in({"hugo.toml": '[permalinks]\nposts = "/:section/:day-:filename/"\n', "content/posts/My File.md": text()})
    assert location(client, "/posts/04-my-file/") == "/posts/my-file"


def test_hugo_beneath_a_path_and_aliases_from_the_page(bring_in, client, entry_of):
    bring_in(
        {
            "hugo.toml": 'baseURL = "https://old.example/blog/"\n',
            "content/posts/first.md": text("aliases: [older-first, /oldest/]\n"),
            "content/posts/second.md": text(body="[x](https://old.example/blog/posts/first/#a) [y](/posts/first/)"),
        }
    )
    for path in ("/blog/posts/first/", "/blog/posts/older-first/", "/blog/oldest/"):
        assert location(client, path) == "/posts/first"
    assert entry_of("second").html.count('href="/posts/first') == 2


def test_hugo_aliases_start_at_the_folder_of_the_page(bring_in, client):
    bring_in({"hugo.toml": "", "content/posts/first.md": text("aliases: [older-first]\n")})
    assert location(client, "/posts/older-first/") == "/posts/first"


def test_jekyll_beneath_a_path(bring_in, client, entry_of):
    bring_in(
        {
            "_config.yml": 'url: https://old.example\nbaseurl: "/blog"\npermalink: /:year/:title/\n',
            "_posts/2020-03-04-day.md": text(body="![x](/blog/assets/i.png)"),
            "_posts/2020-03-05-next.md": text(body="[x](/blog/2020/day/) [y](https://old.example/blog/2020/day/)"),
            "assets/i.png": png(),
        }
    )
    assert location(client, "/blog/2020/day/") == "/posts/day"
    assert 'src="/media/' in entry_of("day").html
    assert entry_of("next").html.count('href="/posts/day"') == 2


def test_jekyll_collections_have_their_own_patterns(bring_in, client):
    bring_in(
        {
            "_config.yml": (
                "collections:\n  recipes:\n    output: true\n    permalink: /eat/:name/\n  people:\n    output: true\n"
            ),
            "_recipes/soup.md": "---\ntitle: Soup\n---\nText",
            "_people/ada.md": "---\ntitle: Ada\n---\nText",
        }
    )
    assert location(client, "/eat/soup/") == "/soup"
    assert location(client, "/people/ada.html") == "/ada"


def test_jekyll_defaults_fill_in_what_texts_do_not_say(bring_in, client, entry_of):
    bring_in(
        {
            "_config.yml": (
                "defaults:\n- scope: {path: '', type: posts}\n"
                "  values: {permalink: '/d/:title/', author: Ada, tags: [x]}\n"
                "- scope: {path: _posts/hidden}\n  values: {published: false}\n"
            ),
            "_posts/2020-03-04-day.md": text(),
            "_posts/hidden/2020-03-04-hid.md": text(),
        }
    )
    assert location(client, "/d/day/") == "/posts/day"
    assert (entry_of("day").state, entry_of("hid").state) == ("published", "draft")
    assert client.get("/authors/ada").status_code == client.get("/tags/x").status_code == 200


def test_pelican_patterns_are_read_from_its_settings_without_running_them(bring_in, client):
    bring_in(
        {
            "pelicanconf.py": (
                "raise SystemExit\nARTICLE_URL = 'posts/{date:%Y}/{date:%m}/{slug}/'\n"
                "ARTICLE_SAVE_AS = 'old/{slug}/index.html'\nPAGE_URL = 'p/{slug}.html'\n"
            ),
            "content/x.md": "Title: Big Day\nDate: 2020-03-04\n\nText\n",
            "content/pages/me.md": "Title: Me\n\nText\n",
        }
    )
    assert location(client, "/posts/2020/03/big-day/") == "/posts/x"
    assert location(client, "/old/big-day/") == "/posts/x"
    assert location(client, "/p/me.html") == "/me"


def test_pelicans_links_to_lists_lead_there_and_stay_so(bring_in, entry_of, session):
    links = "[i]({index}) [t]({tag}big%20sea) [c]({category}python) [a]({author}ada) [f]({filename}/y.md)"
    bring_in(
        {
            "pelicanconf.py": "",
            "content/x.md": f"Title: X\nDate: 2020-03-04\n\n{links}\n",
            "content/y.md": "Title: Y\nDate: 2020-03-04\n\nText\n",
        }
    )
    for _ in range(2):
        html = entry_of("x").html
        for href in ("/", "/tags/big-sea", "/tags/python", "/authors/ada", "/posts/y"):
            assert f'href="{href}"' in html
        rerender(session, [entry_of("x").id])
