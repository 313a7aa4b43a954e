import gzip
import json
import random
import re
from datetime import timedelta
from xml.etree.ElementTree import Element

import brotli
import html5lib
import pytest

from homeport.site.actions import update_site
from tests.factories.blog import LONG_AGO, make_entry, make_page

BUDGET_BYTES = 10 * 1024
XHTML = "{http://www.w3.org/1999/xhtml}"


def _page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return html5lib.parse(answer.text)


def _with_class(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if name in (element.get("class") or "").split()]


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _head(root: Element) -> dict[str, str]:
    metas = root.iter(f"{XHTML}meta")
    return {meta.get("property") or meta.get("name") or "": meta.get("content") or "" for meta in metas}


def _json_ld(root: Element) -> dict[str, dict]:
    nodes = [json.loads(script.text) for script in root.iter(f"{XHTML}script")]
    return {node["@type"]: node for node in nodes}


@pytest.fixture
def post(session):
    update_site(session, title="The house", address="https://house.example", author_name="Ada")
    return make_entry(
        session,
        slug="rain",
        title="Rain & <thunder>",
        subtitle="Since five",
        source="It has *rained*.\n",
        tags=("Garden",),
        authors=("Grace",),
        published_at=LONG_AGO,
        updated_at=LONG_AGO + timedelta(days=2),
    )


@pytest.mark.usefixtures("post")
class TestEntry:
    def test_it_is_an_h_entry(self, client):
        (entry,) = _with_class(_page(client, "/posts/rain"), "h-entry")
        assert _text(_with_class(entry, "p-name")[0]) == "Rain & <thunder>"
        assert _text(_with_class(entry, "p-summary")[0]) == "Since five"
        assert _text(_with_class(entry, "e-content")[0]) == "It has rained."
        assert _text(_with_class(entry, "p-author")[0]) == "Grace"
        assert _text(_with_class(entry, "p-category")[0]) == "Garden"
        assert _with_class(entry, "u-url")[0].get("href") == "/posts/rain"
        assert _with_class(entry, "dt-published")[0].get("datetime") == "2020-01-15T12:00:00+00:00"
        assert _with_class(entry, "dt-updated")[0].get("datetime") == "2020-01-17T12:00:00+00:00"

    def test_its_head_unfolds_into_a_card(self, client):
        head = _head(_page(client, "/posts/rain"))
        assert head["og:type"] == "article"
        assert head["og:title"] == "Rain & <thunder>"
        assert head["og:url"] == "https://house.example/posts/rain"
        assert head["og:description"] == head["description"] == "Since five"
        assert head["article:published_time"] == "2020-01-15T12:00:00+00:00"
        assert head["twitter:card"] == "summary"

    def test_it_is_described_for_machines(self, client):
        nodes = _json_ld(_page(client, "/posts/rain"))
        assert nodes["BlogPosting"]["headline"] == "Rain & <thunder>"
        assert nodes["BlogPosting"]["publisher"]["name"] == "Ada"
        assert nodes["BreadcrumbList"]["itemListElement"][-1]["item"] == "https://house.example/posts/rain"

    def test_a_title_cannot_close_the_data_it_stands_in(self, client, session):
        make_entry(session, slug="hostile", title="</script><script>alert(1)</script>")
        page = client.get("/posts/hostile").text
        assert "<script>" not in page
        assert _json_ld(html5lib.parse(page))["BlogPosting"]["headline"] == "</script><script>alert(1)</script>"

    def test_an_unlisted_entry_asks_not_to_be_indexed(self, client, session):
        make_entry(session, slug="hidden", state="unlisted")
        page = _page(client, "/posts/hidden")
        assert _head(page)["robots"] == "noindex,follow"

    def test_its_language_is_marked_where_it_differs(self, client, session):
        make_entry(session, slug="arabic", title="بيت", language="ar")
        page = _page(client, "/posts/arabic")
        assert page.get("lang") == "en"
        (entry,) = _with_class(page, "h-entry")
        assert (entry.get("lang"), entry.get("dir")) == ("ar", "rtl")

    def test_code_in_a_title_is_code_on_pages_and_plain_elsewhere(self, client, session):
        entry = make_entry(session, title="Meet `cargo --fix` & <b>")
        page = client.get(entry.path).text
        assert "Meet <code>cargo --fix</code> &amp; &lt;b&gt;</h1>" in page
        assert "<title>Meet cargo --fix &amp; &lt;b&gt;" in page
        assert '"headline":"Meet cargo --fix' in page.replace('": "', '":"')
        for path in ("/", "/archive/2020/01"):
            assert "Meet <code>cargo --fix</code>" in client.get(path).text
        feeds = [client.get(f"/feed.{kind}").text for kind in ("atom", "rss", "json")]
        assert all("Meet cargo --fix" in feed and "`" not in feed for feed in feeds)

    def test_a_note_has_a_heading_only_for_machines(self, client, session):
        make_entry(session, slug="note", kind="note", title=None, source="Rain since five.\n")
        (heading,) = _page(client, "/posts/note").iter(f"{XHTML}h1")
        assert _text(heading) == "Rain since five."
        assert "unseen" in heading.get("class").split()

    def test_few_headings_need_no_contents(self, client, session):
        make_entry(session, slug="short", source="## One\n\n## Two\n")
        make_entry(session, slug="long", source="## One\n\n## Two\n\n### Three\n\n#### Four\n")
        assert _with_class(_page(client, "/posts/short"), "contents") == []
        (contents,) = _with_class(_page(client, "/posts/long"), "contents")
        assert [link.get("href") for link in contents.iter(f"{XHTML}a")] == ["#one", "#two", "#three"]


class TestHome:
    def test_an_empty_site_shows_how_to_begin(self, client):
        assert 'bin/homeport new "My first post"' in _text(_page(client, "/").find(f"{XHTML}body"))

    def test_one_post_needs_no_list(self, client, post):
        page = _page(client, "/")
        assert [_text(link) for link in _with_class(page, "p-name") if link.tag == f"{XHTML}a"] == [
            "Rain & <thunder>",
            "Ada",
        ]
        assert _with_class(page, "entries") == []

    def test_older_posts_stand_under_their_year(self, client, session):
        for year in range(4):
            make_entry(session, title=f"Letter {year}", published_at=LONG_AGO - timedelta(days=366 * year))
        page = _page(client, "/")
        assert [_text(year) for year in _with_class(page, "year")] == ["2019", "2018", "2017"]

    def test_a_title_in_another_language_says_so_in_the_list(self, client, session):
        make_entry(session, title="Newest", published_at=LONG_AGO + timedelta(days=1))
        make_entry(session, title="بيت", language="ar")
        (entries,) = _with_class(_page(client, "/"), "entries")
        (heading,) = entries.iter(f"{XHTML}h3")
        assert (heading.get("lang"), heading.get("dir")) == ("ar", "rtl")


class TestEveryPage:
    def test_a_site_written_from_the_right_says_so(self, client, session):
        update_site(session, language="he")
        page = _page(client, "/")
        assert (page.get("lang"), page.get("dir")) == ("he", "rtl")

    def test_the_font_is_the_authors_choice(self, client, session):
        update_site(session, font="sans")
        assert _page(client, "/").get("data-font") == "sans"

    def test_no_icon_is_asked_for_until_there_is_one(self, client):
        (icon,) = [link for link in _page(client, "/").iter(f"{XHTML}link") if link.get("rel") == "icon"]
        assert icon.get("href") == "data:,"

    def test_the_menu_marks_where_one_is(self, client, session):
        update_site(session, navigation=[{"label": "About", "url": "/about"}, {"label": "Tags", "url": "/tags"}])
        make_page(session, slug="about", title="About")
        marked = [_text(link) for link in _page(client, "/about").iter(f"{XHTML}a") if link.get("aria-current")]
        assert marked == ["About"]

    def test_a_missing_page_has_no_canonical_address(self, client):
        page = _page(client, "/nowhere", 404)
        assert not [link for link in page.iter(f"{XHTML}link") if link.get("rel") == "canonical"]
        assert _head(page)["robots"] == "noindex,follow"


def test_a_post_of_six_kilobytes_arrives_in_ten_with_its_style_sheet(client, session):
    paragraphs = [_paragraph(seed) for seed in range(14)]
    code = "\n".join(f"    if len(items) > {n} and items[{n % 7}] < limit:  # line {n}" for n in range(14))
    source = "\n\n".join([*paragraphs, "## Code\n\n```python\n" + code + "\n```", "## End", *paragraphs[:1]])
    assert 6000 < len(source.encode()) < 7000
    make_entry(session, slug="six", title="Six kilobytes", source=source)

    page = client.get("/posts/six", headers={"Accept-Encoding": "br"})
    style = client.get(re.search(r'stylesheet" href="([^"]+)"', brotli.decompress(page.data).decode())[1])
    assert len(page.data) + len(brotli.compress(style.data, quality=11)) <= BUDGET_BYTES
    assert len(gzip.compress(style.data)) < BUDGET_BYTES


def _paragraph(seed: int) -> str:
    # Chance words compress worse than prose: what holds for them holds for an author's text.
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 8))) for _ in range(65)) + "."
