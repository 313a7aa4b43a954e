"""The conversation as it stands below an entry, for people and for programs."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import brotli
import mf2py
import pytest
from sqlalchemy import insert

from homeport.blog.actions import rename_entry
from homeport.comments.models import Response
from homeport.comments.rows import path_of_comment
from homeport.site.actions import update_site
from tests.factories.blog import make_entry, make_page
from tests.factories.comments import make_comment
from tests.factories.statements import recorded

START = datetime(2026, 1, 1, tzinfo=UTC)


def _json_ld(page):
    nodes = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return next(node for node in map(json.loads, nodes) if node["@type"] == "BlogPosting")


def test_a_page_with_a_conversation_costs_no_statement_more(client, connection, session, entry):
    for _ in range(30):
        top = make_comment(session, entry)
        make_comment(session, entry, parent_id=top.id)
    path = entry.path
    client.get(path)  # A connection hears the text of each statement once.
    with recorded(connection) as statements:
        page = client.get(path).text
    assert "60 comments" in page
    assert len(statements) <= 3


@pytest.mark.parametrize("state", ["held", "spam", "deleted"])
def test_what_is_not_shown_leaves_no_trace(client, session, entry, state):
    before = client.get(entry.path).data
    make_comment(session, entry, state=state)
    assert client.get(entry.path).data == before


def test_a_comment_changes_no_other_page(client, session, entry):
    make_entry(session, slug="other")
    paths = ("/", "/posts/other", "/feed.atom", "/sitemap.xml", "/archive")
    before = [client.get(path).data for path in paths]
    make_comment(session, entry)
    assert [client.get(path).data for path in paths] == before


def test_answers_stand_below_what_they_answer_and_orphans_by_themselves(client, session, entry):
    top = make_comment(session, entry, text="Top.")
    gone = make_comment(session, entry, text="Gone.", state="deleted")
    make_comment(session, entry, text="Below.", parent_id=top.id)
    make_comment(session, entry, text="Alone.", parent_id=gone.id)
    page = client.get(entry.path).text
    assert page.index("Top.") < page.index('<div class="replies">') < page.index("Below.") < page.index("Alone.")
    assert "Gone." not in page


def test_programs_read_who_said_what_and_when(client, session, entry):
    at = datetime(2021, 5, 6, 7, 8, tzinfo=UTC)
    make_comment(
        session, entry, writer_name="Grace", writer_url="https://grace.example", text="So *true*.", created_at=at
    )
    parsed = mf2py.parse(client.get(entry.path).text, url="https://house.example/posts/hill")
    [comment] = parsed["items"][0]["properties"]["comment"]
    assert comment["type"] == ["h-cite"]
    author = comment["properties"]["author"][0]["properties"]
    assert (author["name"], author["url"]) == (["Grace"], ["https://grace.example"])
    assert comment["properties"]["published"] == ["2021-05-06T07:08:00+0000"]
    assert comment["properties"]["content"][0]["value"] == "So true."
    assert comment["properties"]["url"][0].startswith("https://house.example/posts/hill#comment-")


def test_the_structured_data_counts_and_the_head_names_the_feed(client, session, entry):
    make_comment(session, entry)
    page = client.get(entry.path).text
    assert _json_ld(page)["commentCount"] == 1
    assert f'href="{entry.path}/comments.atom"' in page


def test_a_mail_address_is_nowhere(client, session, entry):
    one = make_comment(session, entry, writer_email="secret@example.org", address_hash=b"\x01")
    for path in (entry.path, f"{entry.path}/comments.atom", f"/comments/{entry.public_id}/reply/{one.public_id}"):
        assert "secret" not in client.get(path).text


class TestOpenAndClosed:
    def test_an_entry_closes_by_age(self, client, session, entry):
        update_site(session, comments_close_after_days=30)
        make_comment(session, entry)
        page = client.get(entry.path).text
        assert "Comments are closed." in page
        assert "<form" not in page
        assert "/reply/" not in page

    def test_a_closed_entry_that_nobody_answered_says_nothing(self, client, session, entry):
        entry.comments_open = False
        session.flush()
        page = client.get(entry.path).text
        assert "omment" not in page.partition("<main")[2]
        assert client.get(f"/comments/{entry.public_id}").status_code == 404

    def test_a_page_takes_comments_only_if_it_says_so(self, client, session):
        silent, open_ = make_page(session, slug="a"), make_page(session, slug="b", comments_open=True)
        assert "<form" not in client.get(silent.path).text
        assert "<form" in client.get(open_.path).text


class TestALongConversation:
    """The entry's page has the newest threads; the rest has addresses of its own."""

    @pytest.fixture
    def told(self, session, entry):
        """Stores so many comments a minute apart, and returns them."""

        def tell(count, first=0, **given):
            values = {"entry_id": entry.id, "state": "shown", "writer_name": "Grace", "text": "", **given}
            rows = [
                {**values, "html": f"<p>No. {number}.</p>", "created_at": START + timedelta(minutes=number)}
                for number in range(first, first + count)
            ]
            return session.scalars(insert(Response).returning(Response), rows).all()

        return tell

    @staticmethod
    def _numbers(page):
        return [int(number) for number in re.findall(r"<p>No\. (\d+)\.</p>", page)]

    @staticmethod
    def _link(page, words):
        return unescape(re.search(rf'<a href="([^"]+)"[^>]*>{words}', page)[1])

    def test_every_comment_is_on_one_page_and_every_page_costs_the_same(self, client, connection, entry, told):
        told(250)
        path, seen, costs = entry.path, [], []
        while path:
            client.get(path)  # A connection hears the text of each statement once.
            with recorded(connection) as statements:
                page = client.get(path).text
            costs.append(len(statements))
            numbers = self._numbers(page)
            assert numbers == sorted(numbers)
            assert len(numbers) <= 100
            seen = numbers + seen
            path = self._link(page, "Earlier comments") if "Earlier comments</a>" in page else ""
        assert seen == list(range(250))
        assert max(costs) <= 3

    def test_the_rest_is_kept_by_its_reader_but_by_no_search_engine(self, client, entry, told):
        told(101)
        answer = client.get(self._link(client.get(entry.path).text, "Earlier comments"))
        assert '<meta name="robots" content="noindex,follow">' in answer.text
        assert answer.headers["Cache-Control"] == "no-cache"
        again = client.get(
            answer.request.path + "?" + answer.request.query_string.decode(),
            headers={"If-None-Match": answer.headers["ETag"]},
        )
        assert again.status_code == 304
        assert f'href="{entry.path}#comments"' in answer.text

    def test_many_answers_are_on_pages_of_their_own(self, client, entry, told):
        [top] = told(1)
        told(230, 1, parent_id=top.id)
        page = client.get(entry.path).text
        seen = self._numbers(page)
        assert seen == list(range(21))
        while "More answers to" in page:
            page = client.get(self._link(page, "More answers to")).text
            numbers = self._numbers(page)
            assert numbers.pop(0) == 0
            seen += numbers
        assert seen == list(range(231))

    def test_a_link_to_an_answer_leads_to_the_page_of_the_thread_that_has_it(self, client, entry, told):
        [top] = told(1)
        answers = told(401, 1, parent_id=top.id)
        for number, first, last in ((1, 1, 200), (200, 1, 200), (201, 201, 400), (400, 201, 400), (401, 401, 401)):
            answer = answers[number - 1]
            link = path_of_comment(entry.path, answer.public_id, top.public_id, is_apart=True)
            page = client.get(link, follow_redirects=True)
            assert self._numbers(page.text) == [0, *range(first, last + 1)]
            assert f'id="{link.partition("#")[2]}"' in page.text
        assert client.get(link).location.endswith(f"&after={answers[399].public_id}#{link.partition('#')[2]}")

    def test_a_link_to_an_answer_that_is_gone_leads_to_the_beginning_of_its_thread(self, client, entry, told):
        [top] = told(1)
        told(30, 1, parent_id=top.id)
        link = path_of_comment(entry.path, uuid4(), top.public_id, is_apart=True)
        assert self._numbers(client.get(link).text) == list(range(31))

    def test_threads_with_many_answers_make_a_page_of_fewer_threads(self, client, entry, told):
        for number in range(0, 300, 15):
            [top] = told(1, number)
            told(14, number + 1, parent_id=top.id)
        page = client.get(entry.path).text
        assert self._numbers(page) == list(range(105, 300))
        assert self._numbers(client.get(self._link(page, "Earlier comments")).text) == list(range(105))

    def test_a_count_is_exact_up_to_a_thousand(self, client, session, entry, told):
        told(1_000)
        page = client.get(entry.path).text
        assert "<h2>1000 comments</h2>" in page
        assert _json_ld(page)["commentCount"] == 1000
        told(1, 1_000)
        page = client.get(entry.path).text
        assert "<h2>More than 1000 comments</h2>" in page
        assert "commentCount" not in _json_ld(page)

    def test_a_short_one_has_no_other_page(self, client, entry, told):
        told(100)
        assert "/comments?" not in client.get(entry.path).text

    @pytest.mark.parametrize("query", ["", "?before=x", "?before={nobody}", "?thread={nobody}", "?before={oldest}"])
    def test_there_is_no_page_of_nothing(self, client, entry, told, query):
        oldest, *_ = told(2)
        query = query.format(nobody=uuid4(), oldest=oldest.public_id)
        assert client.get(f"{entry.path}/comments{query}").status_code == 404

    def test_what_is_not_shown_is_on_none_of_them(self, client, session, entry, told):
        first, second, third = told(3)
        second.state, entry_path = "held", entry.path
        session.flush()
        page = client.get(f"{entry_path}/comments?before={third.public_id}").text
        assert self._numbers(page) == [0]
        assert client.get(f"{entry_path}/comments?thread={second.public_id}").status_code == 404
        entry.state = "draft"
        session.flush()
        assert client.get(f"{entry_path}/comments?thread={first.public_id}").status_code == 404

    def test_an_entry_that_lives_at_such_an_address_wins(self, client, session, entry, told):
        [one] = told(1)
        update_site(session, permalink_pattern="/posts/hill/{slug}")
        make_entry(session, slug="comments", title="An odd address")
        assert "An odd address" in client.get(f"/posts/hill/comments?thread={one.public_id}").text

    def test_the_pages_of_an_entry_that_moved_lead_on(self, client, session, entry, told):
        [one] = told(1)
        rename_entry(session, entry, "mountain")
        answer = client.get(f"/posts/hill/comments?thread={one.public_id}")
        assert (answer.status_code, answer.location) == (301, f"/posts/mountain/comments?thread={one.public_id}")


def test_what_the_form_weighs(client, session):
    entry = make_entry(session, slug="six", source="word " * 1200)
    session.flush()
    with_form = len(brotli.compress(client.get(entry.path).data, quality=5))
    update_site(session, comments_open=False)
    without = len(brotli.compress(client.get(entry.path).data, quality=5))
    assert with_form - without < 500


@pytest.mark.parametrize("name", ["<b>x</b>", '"><script>', "{{ 7*7 }}", "&amp;", "ﷺ", "Ṱ̺̺̕o͞ ̷i̲̬͇̪", "👩‍👩‍👧"])
def test_a_naughty_name_is_a_name(client, session, entry, name):
    make_comment(session, entry, writer_name=name, writer_url="https://x.example/?a=1&b=<")
    page = mf2py.parse(client.get(entry.path).text)
    assert page["items"][0]["properties"]["comment"][0]["properties"]["author"][0]["properties"]["name"] == [name]
