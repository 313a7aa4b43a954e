"""Feeds, sitemap and robots.txt as readers' programs get them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import atoma
import feedparser
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from homeport.app import create_app
from homeport.blog.actions import change_site, delete_entry, unlist_entry, unpublish_entry
from homeport.blog.taxonomy import describe_tag, merge_tags, rename_tag
from homeport.db.session import Database
from homeport.feeds import views
from homeport.media.models import Media
from homeport.settings import Settings
from tests.factories.blog import LONG_AGO, make_draft, make_entry, make_page

ADDRESS = "https://example.org"
FEEDS = ["feed.atom", "feed.rss", "feed.json"]
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture
def statements(database: Database, client: FlaskClient) -> Iterator[list[str]]:
    """Every statement that reaches the database from here on; what an application does once, it has done."""
    client.get("/robots.txt")
    seen: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", remember)
    yield seen
    event.remove(database.engine, "before_cursor_execute", remember)


@pytest.fixture
def address(session: Session) -> str:
    """The site has an address of its own."""
    change_site(session, title="Far away", tagline="Notes from a hill", address=ADDRESS)
    return ADDRESS


class TestFeeds:
    @pytest.mark.parametrize(
        ("name", "content_type"),
        [
            ("feed.atom", "application/atom+xml; charset=utf-8"),
            ("feed.rss", "application/rss+xml; charset=utf-8"),
            ("feed.json", "application/feed+json; charset=utf-8"),
        ],
    )
    def test_each_format_says_what_it_is(self, client: FlaskClient, name: str, content_type: str) -> None:
        assert client.get(f"/{name}").content_type == content_type

    @pytest.mark.parametrize("name", FEEDS)
    def test_a_feed_costs_three_statements_however_long(
        self, session: Session, client: FlaskClient, statements: list[str], name: str
    ) -> None:
        for _ in range(25):
            make_entry(session, tags=("One", "Two"), authors=("Ada", "Grace"), series="Nights")
        for path in (f"/{name}", f"/tags/one/{name}", f"/series/nights/{name}"):
            # A connection hears each statement's text once.
            client.get(path)
            statements.clear()
            assert client.get(path).status_code == 200
            assert len(statements) <= 3

    def test_the_twenty_newest_come_newest_first(self, session: Session, client: FlaskClient) -> None:
        for day in range(25):
            make_entry(session, title=f"Day {day}", published_at=LONG_AGO + timedelta(days=day))
        titles = [item.title for item in atoma.parse_json_feed_bytes(client.get("/feed.json").data).items]
        assert titles == [f"Day {day}" for day in range(24, 4, -1)]

    @pytest.mark.parametrize("name", FEEDS)
    def test_only_what_everyone_may_read_is_in_it(self, session: Session, client: FlaskClient, name: str) -> None:
        make_draft(session, title="Draft")
        make_page(session, title="Page")
        make_entry(session, title="Later", published_at=datetime.now(UTC) + timedelta(hours=1))
        unlist_entry(session, make_entry(session, title="Unlisted"))
        unpublish_entry(session, make_entry(session, title="Taken back"))
        delete_entry(session, make_entry(session, title="Deleted"))
        make_entry(session, title="Seen")
        assert [entry.title for entry in _read(client, f"/{name}")] == ["Seen"]

    def test_the_text_is_whole_and_its_links_work_anywhere(
        self, session: Session, client: FlaskClient, address: str
    ) -> None:
        make_entry(session, source="Before [a link](/about) and [a place](#end).\n\n## End\n", slug="one")
        entry = feedparser.parse(client.get("/feed.atom").data).entries[0]
        assert f'href="{address}/about"' in entry.content[0].value
        assert f'href="{address}/posts/one#end"' in entry.content[0].value
        assert entry.link == f"{address}/posts/one"

    def test_no_feed_names_the_host_that_was_asked(self, session: Session, client: FlaskClient) -> None:
        make_entry(session, source="[Link](/about)\n", tags=("One",))
        for path in ("/feed.atom", "/feed.rss", "/feed.json", "/tags/one/feed.atom", "/sitemap.xml", "/robots.txt"):
            assert "evil.example" not in client.get(path, headers={"Host": "evil.example"}).text

    def test_a_tags_feed_is_named_after_it(self, session: Session, client: FlaskClient, address: str) -> None:
        make_entry(session, title="Tagged", tags=("Night sky",))
        make_entry(session, title="Other")
        describe_tag(session, "night-sky", description="Looking up")
        feed = feedparser.parse(client.get("/tags/night-sky/feed.atom").data)
        assert (feed.feed.title, feed.feed.subtitle) == ("Far away: Night sky", "Looking up")
        assert [entry.title for entry in feed.entries] == ["Tagged"]
        assert feed.feed.link == f"{address}/tags/night-sky"

    def test_a_series_has_a_feed(self, session: Session, client: FlaskClient) -> None:
        make_entry(session, title="Part", series="Building it")
        make_entry(session, title="Other")
        assert [entry.title for entry in _read(client, "/series/building-it/feed.rss")] == ["Part"]

    def test_a_cover_travels_with_its_type_and_size(self, session: Session, client: FlaskClient, address: str) -> None:
        cover = Media(hash="0a" * 16, original_hash="", name="hill.jpg", content_type="image/jpeg", size_bytes=5120)
        session.add(cover)
        session.flush()
        make_entry(session, cover_media_id=cover.id, cover_alt="A hill")
        enclosure = feedparser.parse(client.get("/feed.rss").data).entries[0].enclosures[0]
        assert (enclosure.href, enclosure.type) == (f"{address}/media/{'0a' * 16}/hill.jpg", "image/jpeg")
        assert enclosure.length == "5120"

    def test_a_reader_who_has_it_gets_304(self, session: Session, client: FlaskClient) -> None:
        make_entry(session)
        first = client.get("/feed.atom")
        again = client.get("/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")

    @pytest.mark.parametrize("name", FEEDS)
    def test_the_feed_of_a_renamed_tag_leads_on(self, session: Session, client: FlaskClient, name: str) -> None:
        make_entry(session, tags=("JS",))
        rename_tag(session, "js", "javascript")
        answer = client.get(f"/tags/js/{name}")
        assert (answer.status_code, answer.location) == (301, f"/tags/javascript/{name}")

    def test_the_feed_of_a_merged_tag_leads_on(self, session: Session, client: FlaskClient) -> None:
        make_entry(session, tags=("JS", "JavaScript"))
        merge_tags(session, "js", "javascript")
        assert client.get("/tags/js/feed.rss").location == "/tags/javascript/feed.rss"

    @pytest.mark.parametrize("path", ["/tags/nothing/feed.atom", "/series/nothing/feed.json", "/feed.xml"])
    def test_a_feed_of_nothing_is_not_found(self, client: FlaskClient, path: str) -> None:
        assert client.get(path).status_code == 404

    def test_a_note_without_a_title_is_read_by_both_parsers(self, session: Session, client: FlaskClient) -> None:
        make_entry(session, title=None, kind="note", source="Clear tonight.\n")
        assert atoma.parse_rss_bytes(client.get("/feed.rss").data).items[0].title is None
        assert "Clear tonight" in feedparser.parse(client.get("/feed.atom").data).entries[0].content[0].value


class TestSitemap:
    def test_it_lists_pages_and_posts_with_their_last_change(
        self, session: Session, client: FlaskClient, address: str
    ) -> None:
        make_page(session, title="About", published_at=LONG_AGO)
        make_entry(session, slug="one", updated_at=LONG_AGO + timedelta(days=1), tags=("Sky",), authors=("Ada",))
        assert _sitemap(client, "/sitemap.xml") == {
            f"{address}/": "2020-01-16T12:00:00Z",
            f"{address}/archive": "2020-01-16T12:00:00Z",
            f"{address}/tags": "2020-01-16T12:00:00Z",
            f"{address}/tags/sky": "2020-01-16T12:00:00Z",
            f"{address}/authors/ada": "2020-01-16T12:00:00Z",
            f"{address}/about": "2020-01-15T12:00:00Z",
            f"{address}/posts/one": "2020-01-16T12:00:00Z",
        }

    def test_what_is_not_for_everyone_is_not_in_it(self, session: Session, client: FlaskClient, address: str) -> None:
        make_draft(session, tags=("Drafted",), series="Drafts")
        make_entry(session, published_at=datetime.now(UTC) + timedelta(hours=1), tags=("Later",), authors=("Eve",))
        unlist_entry(session, make_entry(session))
        delete_entry(session, make_entry(session))
        assert list(_sitemap(client, "/sitemap.xml")) == [f"{address}/"]

    def test_an_entry_whose_true_address_is_elsewhere_is_left_to_that_place(
        self, session: Session, client: FlaskClient, address: str
    ) -> None:
        make_entry(session, slug="copy", canonical_url="https://first.example/copy")
        make_entry(session, slug="own", canonical_url=f"{address}/posts/own")
        found = _sitemap(client, "/sitemap.xml")
        assert f"{address}/posts/own" in found
        assert f"{address}/posts/copy" not in found

    def test_it_costs_three_statements(
        self, session: Session, client: FlaskClient, address: str, statements: list[str]
    ) -> None:
        for _ in range(5):
            make_entry(session, tags=("One",))
        statements.clear()
        assert f"<loc>{address}/</loc>" in client.get("/sitemap.xml").text
        assert len(statements) <= 3

    def test_past_the_limit_it_is_an_index_whose_parts_hold_everything_once(
        self, session: Session, client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        paths = {f"{address}{make_entry(session).path}" for _ in range(3)}
        monkeypatch.setattr(views, "MOST_LOCATIONS", 3)
        root = ET.fromstring(client.get("/sitemap.xml").data)
        assert root.tag.endswith("sitemapindex")
        parts = [place.text.removeprefix(address) for place in root.findall("s:sitemap/s:loc", SITEMAP)]
        places = [place for part in parts for place in _sitemap(client, part)]
        assert len(places) == len(set(places))
        assert set(places) == paths | {f"{address}/", f"{address}/archive"}

    def test_a_long_one_is_sent_on_a_connection_that_outlives_the_view(
        self, settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(views, "ENTRIES_A_BATCH", 0)
        addressed = replace(settings, site_url=ADDRESS)
        answer = create_app(addressed, database=database).test_client().get("/sitemap.xml")
        assert answer.is_streamed
        assert f"<loc>{ADDRESS}/</loc>" in answer.text

    @pytest.mark.parametrize("number", ["999999", "1000000001", "99999999999999999999"])
    def test_a_part_that_does_not_exist_is_not_found(self, client: FlaskClient, number: str) -> None:
        assert client.get(f"/sitemap-{number}.xml").status_code == 404

    def test_without_an_address_it_is_empty_and_says_why(self, session: Session, client: FlaskClient) -> None:
        make_entry(session, slug="one")
        answer = client.get("/sitemap.xml")
        assert (answer.status_code, answer.mimetype) == (200, "application/xml")
        assert ET.fromstring(answer.data).tag == f"{{{SITEMAP['s']}}}urlset"
        assert _sitemap(client, "/sitemap.xml") == {}
        assert "no address yet" in answer.text
        assert client.get("/sitemap-0.xml").status_code == 404


class TestRobots:
    def test_private_places_are_closed_and_the_sitemap_is_named(self, client: FlaskClient, address: str) -> None:
        lines = client.get("/robots.txt").text.splitlines()
        assert lines[0] == "User-agent: *"
        assert {"Disallow: /studio", "Disallow: /account", "Disallow: /setup", "Disallow: /preview"} <= {*lines}
        assert lines[-1] == f"Sitemap: {address}/sitemap.xml"

    def test_without_an_address_no_sitemap_is_named(self, client: FlaskClient) -> None:
        assert "Sitemap" not in client.get("/robots.txt").text


def _read(client: FlaskClient, path: str) -> list[Any]:
    data = client.get(path).data
    return atoma.parse_json_feed_bytes(data).items if path.endswith("json") else feedparser.parse(data).entries


def _sitemap(client: FlaskClient, path: str) -> dict[str, str]:
    root = ET.fromstring(client.get(path).data)
    places = root.findall("s:url", SITEMAP)
    return {place.findtext("s:loc", "", SITEMAP): place.findtext("s:lastmod", "", SITEMAP) for place in places}


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize(("is_smart", "title"), [(True, "It’s “R&D” <b>"), (False, 'It\'s "R&D" <b>')])
def test_titles_are_set_as_the_texts_are_and_escaped_once(client, session, feed, is_smart, title):
    change_site(session, smart_typography=is_smart)
    make_entry(session, title='It\'s "R&D" <b>')
    answer = client.get(f"/{feed}")
    if feed == "feed.json":
        assert answer.json["items"][0]["title"] == title
    else:
        titles = [each.text for each in ET.fromstring(answer.data).iter() if each.tag.endswith("title")]
        assert title in titles
