import re
from datetime import UTC, datetime
from html import escape

import psycopg2
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from homeport.accounts.models import Author
from homeport.accounts.proofs import AuditEvent
from homeport.blog import rows
from homeport.blog.actions import delete_entry
from homeport.blog.models import Byline
from homeport.comments.models import Block, Response, SpamWord
from homeport.comments.queries import queue
from homeport.comments.rows import seen_of
from homeport.site.actions import update_site
from tests.factories.blog import make_entry
from tests.factories.comments import make_comment
from tests.factories.members import sign_in


@pytest.fixture
def held(session, entry):
    return make_comment(session, entry, state="held", writer_email="grace@example.org")


def _decide(client, what, *comments, **more):
    chosen = [f"{comment.public_id} {_seen(comment)}" for comment in comments]
    return client.post("/studio/comments/decisions", data={"all": what, "chosen": chosen, **more})


def _typed(comment, text):
    return {"text": text, "seen": _seen(comment)}


def _seen(comment):
    return seen_of(comment.writer_name, comment.writer_url, comment.text)


def _states(session):
    session.expire_all()
    return list(session.scalars(select(Response.state).order_by(Response.id)))


def test_a_stranger_decides_nothing(client, session, held):
    assert _decide(client, "approve", held).status_code in (302, 401)
    assert _states(session) == ["held"]


@pytest.mark.parametrize("tab", ["waiting", "shown", "spam", "deleted", "nonsense"])
def test_an_empty_tab_says_what_appears_in_it(client, session, tab):
    sign_in(session, client)
    answer = client.get(f"/studio/comments?tab={tab}")
    assert answer.status_code == 200
    assert "appear" in answer.text or "stays here" in answer.text


def test_a_comment_is_approved_by_its_own_button(client, session, entry, held):
    sign_in(session, client, "editor")
    page = client.get("/studio/comments").text
    assert held.text in page
    button = re.search(r'name="one" value="(approve [^"]+)"', page)[1]
    answer = client.post("/studio/comments/decisions", data={"one": button, "tab": "waiting"})
    assert (answer.status_code, answer.location) == (303, "/studio/comments?tab=waiting")
    assert held.text in client.get(entry.path).text


def test_several_are_decided_at_once_and_undone_at_once(client, session, entry):
    sign_in(session, client)
    comments = [make_comment(session, entry, state="held") for _ in range(3)]
    _decide(client, "spam", *comments[:2])
    assert _states(session) == ["spam", "spam", "held"]
    assert "You last moved 2 comments to Spam" in client.get("/studio/comments").text
    client.post("/studio/comments/undo")
    assert _states(session) == ["held", "held", "held"]
    assert "You last moved" not in client.get("/studio/comments").text


def test_the_queue_says_that_undo_takes_a_reply_away(client, session, held):
    sign_in(session, client)
    client.post(f"/studio/comments/{held.public_id}/reply", data=_typed(held, "Thanks."))
    page = client.get("/studio/comments").text
    assert "You last sent a reply. Undo takes it away from readers, and what it answers waits again." in page


def test_what_was_deleted_comes_back(client, session, held):
    sign_in(session, client)
    _decide(client, "delete", held)
    assert held.text in client.get("/studio/comments?tab=deleted").text
    _decide(client, "approve", held, tab="deleted")
    assert _states(session) == ["shown"]
    assert "comment.deleted" in session.scalars(select(AuditEvent.action)).all()


@pytest.mark.parametrize("data", [{}, {"all": "approve"}, {"one": "nonsense"}, {"one": "approve x"}])
def test_a_decision_about_nothing_is_refused(client, session, held, data):
    sign_in(session, client)
    assert client.post("/studio/comments/decisions", data=data).status_code == 422
    assert _states(session) == ["held"]


def test_an_unknown_decision_is_refused(client, session, held):
    sign_in(session, client)
    assert _decide(client, "publish", held).status_code == 422


class TestWhatChangedMeanwhile:
    """The writer may edit while somebody reads the queue: nobody decides about words that they have not seen."""

    @pytest.fixture
    def seen(self, client, session, held):
        sign_in(session, client)
        page = client.get("/studio/comments").text
        held.text = held.html = "Cheap pills"
        session.commit()
        return page

    @pytest.mark.parametrize("what", ["approve", "spam", "delete", "block"])
    def test_it_is_shown_as_it_is_now_and_nothing_is_decided(self, client, session, seen, what):
        button = re.search(rf'name="one" value="({what} [^"]+)"', seen)[1]
        answer = client.post("/studio/comments/decisions", data={"one": button, "tab": "waiting"})
        assert answer.status_code == 409
        assert "changed while you read it" in answer.text
        assert "Cheap pills" in answer.text
        assert _states(session) == ["held"]
        assert session.scalars(select(SpamWord.word)).all() == []
        again = re.search(rf'name="one" value="({what} [^"]+)"', answer.text)[1]
        assert client.post("/studio/comments/decisions", data={"one": again}).status_code == 303

    def test_of_several_none_is_decided(self, client, session, entry, seen):
        chosen = re.findall(r'name="chosen" value="([^"]+)"', seen)
        other = make_comment(session, entry, state="held")
        chosen.append(f"{other.public_id} {_seen(other)}")
        answer = client.post("/studio/comments/decisions", data={"all": "approve", "chosen": chosen})
        assert answer.status_code == 409
        assert "Cheap pills" in answer.text
        assert other.text in answer.text
        assert _states(session) == ["held", "held"]

    def test_an_id_alone_is_no_decision(self, client, session, held, seen):
        answer = client.post("/studio/comments/decisions", data={"one": f"approve {held.public_id}"})
        assert answer.status_code == 409
        assert _states(session) == ["held"]

    @pytest.mark.parametrize("form", ["reply", "text"])
    def test_what_was_typed_about_it_is_kept(self, client, session, held, seen, form):
        typed = {"text": "My words", "seen": re.search(r"[0-9a-f]{32}", seen.partition('name="chosen"')[2])[0]}
        answer = client.post(f"/studio/comments/{held.public_id}/{form}", data=typed)
        assert answer.status_code == 409
        assert "Cheap pills" in answer.text
        assert "My words" in answer.text
        assert _states(session) == ["held"]


class TestAnAuthor:
    @pytest.fixture
    def mine(self, client, session):
        member = sign_in(session, client, "author", name="ada")
        entry = make_entry(session)
        session.add(Byline(entry_id=entry.id, author_id=member.author_id, position=0))
        return make_comment(session, entry, state="held")

    def test_sees_and_decides_what_is_on_their_own_entries(self, client, session, held, mine):
        page = client.get("/studio/comments").text
        assert mine.text in page
        assert held.text not in page
        assert _decide(client, "approve", mine).status_code == 303

    def test_cannot_decide_about_others(self, client, session, held, mine):
        assert _decide(client, "approve", held, mine).status_code == 403
        assert client.get(f"/studio/comments/{held.public_id}").status_code == 404
        assert client.post(f"/studio/comments/{held.public_id}/reply", data={"text": "x"}).status_code == 404
        assert _states(session) == ["held", "held"]

    def test_cannot_block_for_the_whole_site(self, client, session, mine):
        assert _decide(client, "block", mine).status_code == 403
        assert session.scalars(select(Block)).all() == []

    def test_cannot_look_into_a_person(self, client, session, mine):
        assert client.get("/studio/comments/person").status_code == 403


class TestReply:
    def test_it_is_marked_and_shows_what_it_answers(self, client, session, entry, held):
        sign_in(session, client, name="ada")
        answer = client.post(f"/studio/comments/{held.public_id}/reply", data=_typed(held, "You are *right*."))
        assert answer.status_code == 303
        page = client.get(entry.path).text
        assert held.text in page
        assert "You are <em>right</em>." in page
        assert (
            '<a class="p-author h-card" rel="author" href="/authors/ada">Ada</a> <span class="by">Author</span>' in page
        )

    def test_an_empty_one_is_given_back(self, client, session, held):
        sign_in(session, client)
        answer = client.post(f"/studio/comments/{held.public_id}/reply", data=_typed(held, "\x00 "))
        assert answer.status_code == 422
        assert _states(session) == ["held"]


def test_the_words_of_a_comment_can_be_changed(client, session, entry):
    sign_in(session, client)
    one = make_comment(session, entry)
    client.post(f"/studio/comments/{one.public_id}/text", data=_typed(one, "Changed."))
    page = client.get(entry.path).text
    assert "Changed." in page
    assert "edited" in page


class TestBlocking:
    def test_a_blocked_writer_is_listed_and_freed(self, client, session, held):
        sign_in(session, client)
        _decide(client, "block", held)
        assert _states(session) == ["spam"]
        page = client.get("/studio/comments?tab=spam").text
        assert "mail grace@example.org" in page
        [block] = session.scalars(select(Block))
        client.post(f"/studio/comments/blocks/{block.id}/end")
        session.expire_all()
        assert session.scalars(select(Block)).all() == []

    def test_undo_frees_the_writer_too(self, client, session, held):
        sign_in(session, client)
        _decide(client, "block", held)
        client.post("/studio/comments/undo")
        assert session.scalars(select(Block)).all() == []
        assert _states(session) == ["held"]

    @pytest.mark.parametrize(
        ("left", "is_offered"),
        [
            ({}, False),
            ({"writer_email": "eve@example.org"}, True),
            ({"writer_url": "https://evil.example"}, True),
            ({"address_hash": b"\x01"}, True),
        ],
    )
    def test_it_is_offered_where_it_can_be_done(self, client, session, entry, left, is_offered):
        sign_in(session, client)
        make_comment(session, entry, state="held", **left)
        assert ("Block writer" in client.get("/studio/comments").text) is is_offered

    def test_who_left_nothing_cannot_be_blocked(self, client, session, entry):
        sign_in(session, client)
        nobody = make_comment(session, entry)
        assert _decide(client, "block", nobody).status_code == 409
        assert _states(session) == ["shown"]


class TestOnePerson:
    def test_everything_kept_is_shown_given_and_erased(self, client, session, entry, held):
        sign_in(session, client)
        answer = make_comment(session, entry, parent_id=held.id)
        looked = client.post("/studio/comments/person", data={"who": "GRACE@example.org"})
        assert held.text in looked.text
        given = client.post("/studio/comments/person", data={"who": "grace@example.org", "do": "export"})
        assert given.json["comments"][0]["text"] == held.text
        unsure = client.post("/studio/comments/person/erase", data={"who": "grace@example.org"})
        assert unsure.status_code == 422
        erased = client.post("/studio/comments/person/erase", data={"who": "grace@example.org", "sure": "yes"})
        assert "1 comment is erased" in erased.text
        assert "Mails that were sent and backups that were made keep theirs" in erased.text
        session.expire_all()
        assert [one.id for one in session.scalars(select(Response))] == [answer.id]
        [event] = session.scalars(select(AuditEvent).where(AuditEvent.action == "comment.person_erased"))
        assert "grace" not in f"{event.subject}{event.details}"

    def test_an_address_that_cannot_be_is_nobody_s(self, client, session):
        sign_in(session, client)
        looked = client.post("/studio/comments/person", data={"who": "\x00x@y"})
        assert "Nothing is kept" in looked.text

    def test_who_left_no_mail_is_found_from_their_comment(self, client, session, entry):
        sign_in(session, client)
        one = make_comment(session, entry, writer_name="Zoe", address_hash=b"\x07")
        session.add(Block(kind="address", value="address 07"))
        session.flush()
        page = client.get(f"/studio/comments/{one.public_id}").text
        assert f'name="who" value="{one.public_id}"' in page
        looked = client.post("/studio/comments/person", data={"who": str(one.public_id)})
        assert one.text in looked.text
        assert "Blocked by a network address." in looked.text
        client.post("/studio/comments/person/erase", data={"who": str(one.public_id), "sure": "yes"})
        assert _states(session) == []
        assert session.scalars(select(Block)).all() == []

    def test_a_name_is_not_enough(self, client, session):
        sign_in(session, client)
        assert client.post("/studio/comments/person", data={"who": "Zoe"}).status_code == 422

    def test_an_empty_address_erases_nobody(self, client, session, entry):
        sign_in(session, client)
        make_comment(session, entry)
        assert client.post("/studio/comments/person/erase", data={"who": " ", "sure": "yes"}).status_code == 422
        assert len(_states(session)) == 1


def test_the_time_of_day_is_told_in_the_site_s_zone(client, session, entry):
    update_site(session, time_zone="Asia/Tokyo")
    sign_in(session, client)
    at = datetime(2026, 3, 4, 20, 5, tzinfo=UTC)
    one = make_comment(session, entry, state="held", created_at=at)
    for path in ("/studio/comments", f"/studio/comments/{one.public_id}"):
        assert "5 March 2026, 05:05" in client.get(path).text


def test_the_way_to_a_reply_leads_into_its_box(client, session, held):
    sign_in(session, client)
    page, one = (client.get(f"/studio/comments{path}").text for path in ("", f"/{held.public_id}"))
    for box in ("reply-text", "edit-text"):
        assert f'href="/studio/comments/{held.public_id}#{box}"' in page
        assert f'<textarea id="{box}"' in one


def test_older_ones_are_on_the_next_page(client, session, entry, monkeypatch):
    monkeypatch.setattr("homeport.comments.queries.queue.PAGE_SIZE", 2)
    monkeypatch.setattr("homeport.comments.studio.PAGE_SIZE", 2)
    sign_in(session, client)
    first, second, third = (make_comment(session, entry, state="held") for _ in range(3))
    page = client.get("/studio/comments").text
    assert first.text not in page
    older = client.get(f"/studio/comments?tab=waiting&before={second.public_id}").text
    assert first.text in older
    assert third.text not in older


def test_the_author_s_name_is_the_present_one(client, session, entry):
    author = Author(name="Ada", slug="ada")
    session.add(author)
    session.flush()
    make_comment(session, entry, author_id=author.id, writer_name="Ada")
    author.name = "Ada Lovelace"
    session.flush()
    assert "Ada Lovelace" in client.get(entry.path).text


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("{0}/reply", {"text": "Kept & safe.", "seen": "{1}"}),
        ("{0}/text", {"text": "Kept & safe.", "seen": "{1}"}),
        ("decisions", {"one": "approve {0} {1}"}),
    ],
)
def test_what_was_sent_while_the_database_is_away_can_be_sent_again(
    app, client, session, held, monkeypatch, path, data
):
    def fail(*_arguments, **_more):
        raise OperationalError("COMMIT", {}, psycopg2.OperationalError("server closed the connection unexpectedly"))

    app.config["PROPAGATE_EXCEPTIONS"] = False
    sign_in(session, client)
    monkeypatch.setattr(Session, "commit", fail)
    path = f"/studio/comments/{path.format(held.public_id)}"
    data = {name: value.format(held.public_id, _seen(held)) for name, value in data.items()}
    answer = client.post(path, data=data)
    assert answer.status_code == 503
    assert f'action="{path}"' in answer.text
    assert all(escape(value) in answer.text for value in data.values())
    monkeypatch.undo()
    assert client.post(path, data=data).status_code == 303


class TestWhereACommentStands:
    """The links to it lead to the page that has it, however long the conversation has become."""

    @pytest.fixture
    def member(self, session, client):
        return sign_in(session, client, "owner")

    def _link(self, client, comment):
        page = client.get(f"/studio/comments/{comment.public_id}").text
        return re.search(rf'<a href="([^"]*#comment-{str(comment.public_id)[:8]})"', page)[1]

    def test_an_early_one_of_many_is_on_the_page_of_its_thread(self, client, session, entry, member):
        first = make_comment(session, entry, created_at=datetime(2020, 1, 1, tzinfo=UTC))
        for _ in range(100):
            make_comment(session, entry)
        assert f"comment-{str(first.public_id)[:8]}" not in client.get(entry.path).text
        link = self._link(client, first)
        assert link in client.get("/studio/comments?tab=shown&before=" + str(_next(session, first))).text
        assert f'id="{link.partition("#")[2]}"' in client.get(link).text

    def test_in_a_short_one_it_is_below_the_entry(self, client, session, entry, member):
        comment = make_comment(session, entry, parent_id=make_comment(session, entry).id)
        assert self._link(client, comment).startswith(f"{entry.path}#")

    def test_what_waits_is_on_no_page(self, client, entry, held, member):
        assert f'<a href="{entry.path}">' in client.get(f"/studio/comments/{held.public_id}").text


def _next(session, comment):
    return session.scalars(select(Response.public_id).where(Response.id == comment.id + 1)).one()


class TestTheMenu:
    @pytest.mark.parametrize(("many", "told"), [(0, None), (1, "1"), (3, "3"), (101, "99+")])
    def test_it_tells_on_every_page_how_many_wait(self, session, client, entry, many, told):
        sign_in(session, client, "owner")
        for _ in range(many):
            make_comment(session, entry, state="held")
        badge = re.search(
            r'href="/studio/comments"[^>]*>Comments(?: <span class="badge">([^<]*))?', client.get("/account").text
        )
        assert badge[1] == told

    def test_an_author_is_told_of_their_own_alone(self, session, client, entry):
        sign_in(session, client, "author")
        make_comment(session, entry, state="held")
        assert 'Comments <span class="badge">' not in client.get("/account").text


def test_very_many_comments_are_not_counted_to_the_end(session, client, entry, monkeypatch):
    monkeypatch.setattr(queue, "COUNTED", 2)
    monkeypatch.setattr(rows, "COUNTED", 2)
    sign_in(session, client, "owner")
    for _ in range(4):
        make_comment(session, entry, state="spam")
    make_comment(session, delete_entry_of(session), state="spam")
    make_comment(session, entry, state="held")
    page = client.get("/studio/comments").text
    assert re.findall(r'<span class="badge(?: accent)?">([^<]+)</span></a>', page)[-4:] == ["1", "0", "2+", "0"]


def test_comments_of_a_deleted_entry_are_not_counted(session, client, entry):
    sign_in(session, client, "owner")
    make_comment(session, entry, state="held")
    make_comment(session, delete_entry_of(session), state="held")
    assert "1 comment waits" in " ".join(re.sub(r"<[^>]+>", "", client.get("/studio").text).split())


def delete_entry_of(session):
    gone = make_entry(session, slug="gone")
    delete_entry(session, gone)
    return gone
