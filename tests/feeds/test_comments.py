from datetime import UTC, datetime

import feedparser
import pytest

from homeport.blog.actions import rename_entry
from homeport.site.actions import update_site
from tests.factories.blog import make_entry, make_page
from tests.factories.comments import make_comment


@pytest.fixture
def entry(session):
    update_site(session, address="https://house.example")
    return make_entry(session, slug="hill", title="The hill & more")


def _feed(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    return feed


def test_the_newest_comment_comes_first_and_no_mail_address_is_in_it(client, session, entry):
    make_comment(session, entry, writer_email="secret@example.org", text="First.")
    last = make_comment(session, entry, text="See [this](/about).", writer_url="https://grace.example")
    answer = client.get(f"{entry.path}/comments.atom")
    assert "secret" not in answer.text
    feed = _feed(client, f"{entry.path}/comments.atom")
    assert feed.entries[0].author == last.writer_name
    assert 'href="https://house.example/about"' in feed.entries[0].content[0].value
    assert feed.entries[0].link == f"https://house.example/posts/hill#comment-{str(last.public_id)[:8]}"
    assert feed.entries[1].id == f"tag:homeport,2026:{session.get(type(last), last.id - 1).public_id}"


def test_in_a_long_conversation_each_leads_to_the_page_that_has_it(client, session, entry):
    first = make_comment(session, entry, created_at=datetime(2020, 1, 1, tzinfo=UTC))
    for _ in range(20):
        make_comment(session, entry, parent_id=first.id)
    answer = make_comment(session, entry, parent_id=first.id)
    feed = _feed(client, f"{entry.path}/comments.atom")
    links = {one.id.rpartition(":")[2]: one.link for one in feed.entries}
    link = links[str(answer.public_id)]
    assert link.startswith(
        f"https://house.example/posts/hill/comments?thread={first.public_id}&answer={answer.public_id}#comment-"
    )
    assert f'id="{link.partition("#")[2]}"' in client.get(link.removeprefix("https://house.example")).text
    assert links[str(first.public_id)].startswith("https://house.example/posts/hill#comment-")


@pytest.mark.parametrize("state", ["held", "spam", "deleted"])
def test_only_what_readers_see_is_in_it(client, session, entry, state):
    make_comment(session, entry, state=state)
    assert _feed(client, f"{entry.path}/comments.atom").entries == []


def test_a_comment_that_was_edited_is_as_new_as_that(client, session, entry):
    first = make_comment(session, entry, edited_at=datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC))
    make_comment(session, entry)
    feed = _feed(client, f"{entry.path}/comments.atom")
    edited = next(one for one in feed.entries if one.id.endswith(str(first.public_id)))
    assert edited.updated == feed.feed.updated == "2031-01-02T03:04:05Z"
    assert edited.published < edited.updated


def test_an_entry_without_comments_has_an_empty_feed(client, entry):
    assert _feed(client, f"{entry.path}/comments.atom").feed.title == "Comments on The hill & more"


def test_an_entry_that_lives_at_the_feed_s_address_wins(client, session):
    update_site(session, permalink_pattern="/{slug}/comments.atom")
    make_page(session, slug="hill", title="A page")
    make_entry(session, slug="hill", title="An odd address")
    assert "An odd address" in client.get("/hill/comments.atom").text


def test_the_feed_of_an_entry_that_moved_leads_on(client, session, entry):
    rename_entry(session, entry, "mountain")
    answer = client.get("/posts/hill/comments.atom")
    assert (answer.status_code, answer.location) == (301, "/posts/mountain/comments.atom")


def test_there_is_no_feed_of_nothing(client):
    assert client.get("/posts/nothing/comments.atom").status_code == 404


def test_hostile_words_stay_words(client, session, entry):
    make_comment(session, entry, writer_name="]]><script>", text="</content><script>alert(1)</script>\x0b")
    feed = _feed(client, f"{entry.path}/comments.atom")
    assert feed.entries[0].author == "]]><script>"
