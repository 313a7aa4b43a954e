"""The conversation as it stands below an entry, for people and for programs."""

import json
import re
from datetime import UTC, datetime

import brotli
import mf2py
import pytest

from homeport.site.actions import update_site
from tests.factories.blog import make_entry, make_page
from tests.factories.comments import make_comment
from tests.factories.statements import recorded


def _json_ld(page):
    nodes = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return next(node for node in map(json.loads, nodes) if node["@type"] == "BlogPosting")


def test_a_page_with_a_conversation_costs_no_statement_more(client, connection, session, entry):
    for _ in range(30):
        top = make_comment(session, entry)
        make_comment(session, entry, parent_id=top.id)
    path = entry.path
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
