from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from homeport.blog import queries, rows
from homeport.blog.actions import change_site
from homeport.blog.queries import lists, taxonomy
from homeport.site.actions import add_redirect
from homeport.site.models import Gone
from tests.factories.blog import LONG_AGO, make_entry, make_page
from tests.factories.statements import recorded

MOST_STATEMENTS = 3

PAGES = (
    "/",
    "/?before=post-20",
    "/posts/post-20",
    "/about",
    "/tags",
    "/tags/common",
    "/series",
    "/series/long",
    "/archive",
    "/archive/2020",
    "/archive/2020/01",
    "/authors/ada",
    "/feed.atom",
    "/feed.rss",
    "/feed.json",
    "/tags/common/feed.atom",
    "/series/long/feed.json",
    "/sitemap.xml",
    "/robots.txt",
)


@pytest.fixture(scope="module")
def full_house(database):
    """Forty posts that share a tag, a series and an author, and one page; written once, and never committed."""
    with database.engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            for number in range(40):
                make_entry(
                    session,
                    slug=f"post-{number}",
                    title=f"Post {number}",
                    published_at=LONG_AGO + timedelta(hours=number),
                    tags=("Common", f"Tag {number % 5}"),
                    series="Long",
                    series_position=number,
                    authors=("Ada",),
                )
            make_page(session, slug="about", title="About")
            session.commit()
        yield connection
        transaction.rollback()


@pytest.fixture
def connection(request, connection):
    """The test's connection; one that asks for `filled` takes back in the full house what it has done there."""
    if "filled" not in request.fixturenames:
        yield connection
        return
    house = request.getfixturevalue("full_house")
    savepoint = house.begin_nested()
    yield house
    savepoint.rollback()


@pytest.fixture
def filled():
    """Whether the test works in the full house."""


@pytest.mark.usefixtures("filled")
class TestEveryPage:
    @pytest.mark.parametrize("path", PAGES)
    def test_it_answers_with_a_bounded_number_of_statements(self, client, connection, path):
        client.get(path)  # A connection hears the text of each statement once.
        with recorded(connection) as statements:
            answer = client.get(path)
        assert answer.status_code == 200
        assert 1 <= len(statements) <= MOST_STATEMENTS, statements

    @pytest.mark.parametrize("path", PAGES)
    def test_it_sets_no_cookie_and_is_the_same_for_everybody(self, client, path):
        plain = client.get(path)
        other = client.get(path, headers={"Cookie": "homeport=x", "Authorization": "Bearer x", "User-Agent": "other"})
        assert "Set-Cookie" not in plain.headers
        assert plain.data == other.data

    @pytest.mark.parametrize("path", PAGES)
    def test_a_reader_who_has_it_gets_no_bytes(self, client, path):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")

    @pytest.mark.parametrize("path", [page for page in PAGES if "." not in page])
    def test_it_has_no_script_and_no_style_of_its_own(self, client, path):
        page = client.get(path).text
        assert "<style" not in page
        assert " style=" not in page
        assert "<script" not in page.replace('<script type="application/ld+json">', "")


@pytest.mark.usefixtures("filled")
class TestHome:
    def test_older_pages_continue_where_the_newer_ended(self, client):
        first = client.get("/").text
        assert "/?before=post-10" in first
        assert "Post 39" in first
        assert "Post 9<" not in first
        second = client.get("/?before=post-10").text
        assert "Post 9" in second
        assert "Post 10<" not in second

    def test_an_address_of_older_posts_that_nobody_links_to_is_not_found(self, client):
        assert client.get("/?before=nonsense").status_code == 404
        assert client.get("/?before=post-0").status_code == 404


class TestEntry:
    def test_it_knows_its_neighbours_in_time_and_in_its_series(self, session, client, connection, filled):
        page = queries.find_entry_page(connection, "/posts/post-20")
        assert (page.previous.title, page.next.title) == ("Post 19", "Post 21")
        assert page.series_place.position == 21
        assert (page.series_place.previous.title, page.series_place.next.title) == ("Post 19", "Post 21")
        assert len(page.related) == queries.RELATED_SIZE
        assert {link.title for link in page.related} <= {f"Post {number}" for number in range(40) if number % 5 == 0}

    def test_related_entries_share_a_tag(self, session, connection):
        make_entry(session, title="Apart", tags=("other",))
        near = make_entry(session, title="Near", tags=("maps", "trains"))
        make_entry(session, title="Less near", tags=("maps",))
        entry = make_entry(session, tags=("maps", "trains"))
        related = queries.find_entry_page(connection, entry.path).related
        assert [link.title for link in related] == ["Near", "Less near"]
        assert related[0].path == near.path

    def test_the_other_spelling_of_an_address_leads_to_the_right_one(self, session, client):
        make_entry(session, slug="one")
        answer = client.get("/posts/one/")
        assert (answer.status_code, answer.location) == (301, "/posts/one")

    def test_head_answers_like_get_without_a_body(self, session, client):
        make_entry(session, slug="one")
        head, get = client.head("/posts/one"), client.get("/posts/one")
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == get.headers["ETag"]

    def test_a_post_cannot_be_posted_to(self, session, client):
        make_entry(session, slug="one")
        answer = client.post("/posts/one")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


class TestThePast:
    def test_a_live_entry_wins_over_a_redirect_a_redirect_over_gone(self, session, client):
        add_redirect(session, "/x", target="/elsewhere")
        session.add(Gone(path="/x"))
        session.flush()
        assert client.get("/x").location == "/elsewhere"
        make_page(session, slug="x")
        assert client.get("/x").status_code == 200

    def test_a_redirect_to_what_is_hidden_now_tells_nobody_where(self, session, client):
        entry = make_entry(session, state="draft")
        add_redirect(session, "/old", entry_id=entry.id)
        assert client.get("/old").status_code == 404

    @pytest.mark.parametrize("path", ["/nothing", "/posts/nothing", "/tags/nothing", "/series/nothing", "/authors/x"])
    def test_what_never_was_is_not_found_as_a_page(self, client, path):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "<h1" in answer.text

    @pytest.mark.parametrize("path", ["/archive/0000", "/archive/2020/13", "/archive/9999/12", "/archive/1999"])
    def test_a_month_without_entries_is_not_found(self, client, path):
        assert client.get(path).status_code == 404

    def test_what_is_not_found_costs_a_bounded_number_of_statements(self, client, connection):
        client.get("/nothing/here")
        with recorded(connection) as statements:
            client.get("/nothing/here")
        assert len(statements) <= MOST_STATEMENTS


class TestWhatReadersMayNotKnow:
    def test_what_only_a_draft_or_an_unlisted_entry_carries_is_not_there(self, session, client):
        make_entry(session, state="draft", tags=("secret",), series="Secrets", authors=("Ghost",))
        make_entry(session, state="unlisted", tags=("secret",), series="Secrets", authors=("Ghost",))
        for path in ("/tags/secret", "/series/secrets", "/authors/ghost", "/tags/secret/feed.atom"):
            assert client.get(path).status_code == 404

    def test_a_post_to_come_cannot_be_guessed_by_what_is_older(self, session, client):
        make_entry(session)
        make_entry(session, slug="soon", published_at=datetime.now(UTC) + timedelta(days=1))
        assert client.get("/?before=soon").status_code == 404

    @pytest.mark.parametrize("path", ["/%00", "/tags/a%00b", "/?before=%00", "/authors/%00", "/tags/x%00/feed.atom"])
    def test_a_zero_byte_in_an_address_is_just_not_found(self, client, path):
        assert client.get(path).status_code == 404


class TestArchive:
    def test_months_are_those_of_the_sites_time_zone(self, session, client, site):
        make_entry(session, title="Midnight", published_at=datetime(2019, 12, 31, 23, 30, tzinfo=UTC))
        assert client.get("/archive/2019/12").status_code == 200
        site.time_zone = "Europe/Berlin"
        session.flush()
        assert client.get("/archive/2019/12").status_code == 404
        assert "Midnight" in client.get("/archive/2020/01").text

    def test_they_name_every_post_on_one_line(self, session, client):
        make_entry(session, slug="old", title="First light", published_at=LONG_AGO)
        make_entry(session, slug="new", title="Second thoughts", published_at=LONG_AGO + timedelta(days=400))
        make_entry(session, state="draft", title="Not yet")

        archive, year = client.get("/archive").text, client.get("/archive/2020").text

        assert archive.index(">2021<") < archive.index("Second thoughts") < archive.index(">2020<")
        assert archive.index(">2020<") < archive.index("First light")
        assert "First light" in year
        assert 'href="/archive/2020/01"' in year
        assert "Second thoughts" not in year
        assert "Not yet" not in archive

    def test_many_posts_are_counted_by_month_instead(self, session, client, monkeypatch):
        monkeypatch.setattr(lists, "LINES_AT_MOST", 1)
        for number in range(2):
            make_entry(session, title=f"Letter {number}")
        make_entry(session, title="Letter of March", published_at=LONG_AGO + timedelta(days=60))

        archive, year = client.get("/archive").text, client.get("/archive/2020").text

        assert "Letter" not in archive + year
        assert archive.index("<span>March</span>") < archive.index("<span>January</span>")
        assert "3 posts since January 2020" in archive
        for page in (archive, year):
            assert '<span>January</span> <span class="count">2</span>' in page

    def test_a_month_of_many_posts_goes_on_on_another_page(self, session, client, monkeypatch):
        monkeypatch.setattr(lists, "LINES_AT_MOST", 1)
        for number in range(2):
            make_entry(session, slug=f"letter-{number}", title=f"Letter {number}")

        first = client.get("/archive/2020/01").text

        assert "Letter 1" in first
        assert 'href="/archive/2020/01?before=letter-1"' in first
        assert "Letter 0" in client.get("/archive/2020/01?before=letter-1").text
        assert client.get("/archive/2020/01?before=letter-0").status_code == 404


class TestLongLists:
    @pytest.fixture(autouse=True)
    def _short_pages(self, monkeypatch):
        monkeypatch.setattr(taxonomy, "SUBJECTS_ON_A_PAGE", 1)
        monkeypatch.setattr(taxonomy, "LINES_AT_MOST", 1)

    @pytest.mark.parametrize("path", ["/tags", "/series"])
    def test_subjects_go_on_on_another_page(self, session, client, path):
        for subject in ("Bread", "apples"):
            make_entry(session, tags=(subject,), series=subject)
        make_entry(session, state="draft", tags=("Cheese",), series="Cheese")

        first, second = client.get(path).text, client.get(f"{path}?after=apples").text

        assert ("apples" in first, ">Bread<" in first) == (True, False)
        assert f'href="{path}?after=apples" rel="next"' in first
        assert ">Bread<" in second
        assert 'rel="next"' not in second
        assert client.get(f"{path}?after=bread").status_code == 404

    def test_a_series_goes_on_in_reading_order(self, session, client):
        make_entry(session, slug="last", title="Last", series="Tome", published_at=LONG_AGO)
        make_entry(session, slug="first", title="First", series="Tome", series_position=1)

        first, second = client.get("/series/tome").text, client.get("/series/tome?after=first").text

        assert ("First" in first, "Last" in first) == (True, False)
        assert ("First" in second, "Last" in second) == (False, True)
        assert client.get("/series/tome?after=last").status_code == 404

    def test_what_is_too_much_to_count_is_said_to_be_more(self, session, client, monkeypatch):
        monkeypatch.setattr(rows, "COUNTED", 1)
        for _ in range(2):
            make_entry(session, tags=("Bread",))
        assert "1+ posts" in client.get("/tags/bread").text


@pytest.mark.parametrize(
    ("is_smart", "title", "subtitle"),
    [
        (True, "It’s “R&amp;D” &lt;b&gt;", "Now – or never…"),
        (False, "It&#39;s &#34;R&amp;D&#34; &lt;b&gt;", "Now -- or never..."),
    ],
)
def test_titles_are_set_as_the_text_below_them(client, session, is_smart, title, subtitle):
    change_site(session, smart_typography=is_smart)
    entry = make_entry(session, title='It\'s "R&D" <b>', subtitle="Now -- or never...")
    page = client.get(entry.path).text
    assert f'<h1 class="p-name">{title}</h1>' in page
    assert f'<p class="subtitle p-summary">{subtitle}</p>' in page
    assert f"<title>{title} · " in page
    home = client.get("/").text
    assert (title in home, subtitle in home) == (True, True)
    assert entry.title == 'It\'s "R&D" <b>'
