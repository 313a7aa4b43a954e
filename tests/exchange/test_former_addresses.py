"""Whole folders of several tools: what was at an address leads to where it is now."""

import pytest

from homeport.blog.actions import rerender
from tests.factories.folders import png

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
