import json

import pytest
from sqlalchemy import select

from homeport.comments.models import Block, Response, SpamWord
from homeport.comments.spamfilter import learn
from homeport.comments.writers import blocked_as, erase_person, export_person, forget_comments, words_of_response
from homeport.errors import InvalidError
from tests.factories.comments import make_comment


def test_a_writer_is_known_by_what_they_left():
    assert blocked_as("Eve@Example.org", "https://www.Evil.example/a/", b"\x01") == {
        "email": "mail eve@example.org",
        "site": "site evil.example/a",
        "address": "address 01",
    }
    assert blocked_as("", "", None) == {}


def test_what_is_kept_of_a_person_is_all_of_it_as_json(session, connection, entry):
    make_comment(session, entry, writer_email="Grace@Example.org", address_hash=b"\x01\x02", spam_score=0.5)
    make_comment(session, entry, state="deleted", writer_email="grace@example.org")
    make_comment(session, entry, writer_email="ada@example.org")
    kept = export_person(connection, " GRACE@example.org ")["comments"]
    assert [one["state"] for one in kept] == ["shown", "deleted"]
    assert (kept[0]["address_hash"], kept[0]["entry"]) == ("0102", entry.path)
    json.dumps(kept)


def test_erasing_leaves_what_others_answered(session, entry):
    mine = make_comment(session, entry, writer_email="grace@example.org")
    answer = make_comment(session, entry, parent_id=mine.id)
    session.add_all([Block(kind="email", value="mail grace@example.org"), Block(kind="email", value="mail x@y.zz")])
    session.flush()
    assert erase_person(session, "Grace@example.org") == 1
    session.expire_all()
    [left] = session.scalars(select(Response))
    assert (left.id, left.parent_id) == (answer.id, None)
    assert list(session.scalars(select(Block.value))) == ["mail x@y.zz"]


@pytest.mark.parametrize("nobody", ["", " ", "Zoe", "%", "1"])
def test_nobody_is_everybody_without_an_address(session, entry, nobody):
    make_comment(session, entry)
    for look in (lambda: erase_person(session, nobody), lambda: export_person(session.connection(), nobody)):
        with pytest.raises(InvalidError):
            look()
    assert len(session.scalars(select(Response)).all()) == 1


class TestBlocks:
    """By whatever they left in any of their comments."""

    @pytest.fixture
    def blocked(self, session, entry):
        make_comment(session, entry, writer_email="zoe@example.org", writer_url="https://zoe.example.org/", learned="")
        make_comment(session, entry, writer_email="Zoe@example.org", address_hash=b"\x07")
        for kind, left in (
            ("email", "mail zoe@example.org"),
            ("site", "site zoe.example.org"),
            ("address", "address 07"),
        ):
            session.add(Block(kind=kind, value=left))
        session.add(Block(kind="site", value="site other.example.org"))
        session.flush()

    def test_they_are_part_of_what_is_kept(self, session, blocked):
        kept = export_person(session.connection(), "zoe@example.org")["blocked"]
        assert [one["kind"] for one in kept] == ["email", "site", "address"]
        json.dumps(kept)

    def test_they_go_with_the_person(self, session, blocked):
        erase_person(session, "zoe@example.org")
        assert list(session.scalars(select(Block.value))) == ["site other.example.org"]


class TestWithoutMail:
    def test_a_comment_stands_for_itself(self, session, entry):
        mine, other = make_comment(session, entry, text="Mine."), make_comment(session, entry)
        kept = export_person(session.connection(), str(mine.public_id))["comments"]
        assert [one["text"] for one in kept] == ["Mine."]
        assert erase_person(session, str(mine.public_id)) == 1
        assert list(session.scalars(select(Response.id))) == [other.id]

    def test_a_comment_with_mail_stands_for_its_writer(self, session, entry):
        mine = make_comment(session, entry, writer_email="Zoe@example.org")
        make_comment(session, entry, writer_email="zoe@example.org")
        assert erase_person(session, str(mine.public_id)) == 2


def test_what_was_learned_of_a_person_goes_with_them(session, entry):
    left = {"writer_name": "Zoe", "writer_email": "zoe@mail.example", "writer_url": "https://zoe.example.org"}
    mine = make_comment(session, entry, text="garden", learned="ham", **left)
    other = make_comment(session, entry, text="garden", learned="ham", writer_name="Ada")
    for one in (mine, other):
        learn(session, words_of_response(one), "ham")
    assert "link to zoe.example.org" in _counts(session)
    erase_person(session, "zoe@mail.example")
    assert _counts(session) == {"": 1, "0 links": 1, "by ada": 1, "garden": 1}


def test_forgetting_without_the_lessons_forgets_who_it_was(session, entry):
    left = {"writer_name": "Zoe", "writer_email": "zoe@mail.example", "writer_url": "https://zoe.example.org"}
    mine = make_comment(session, entry, text="garden https://pills.example", learned="spam", **left)
    answer = make_comment(session, entry, parent_id=mine.id)
    learn(session, words_of_response(mine), "spam")
    forget_comments(session, [mine], with_lessons=False)
    session.expire_all()
    spams = dict(session.execute(select(SpamWord.word, SpamWord.spam).where(SpamWord.spam > 0)).all())
    assert spams == {"": 1, "1 links": 1, "garden": 1, "link to pills.example": 1}
    assert [(one.id, one.parent_id) for one in session.scalars(select(Response))] == [(answer.id, None)]


def _counts(session):
    return dict(session.execute(select(SpamWord.word, SpamWord.ham)).all())
