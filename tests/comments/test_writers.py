import json

from sqlalchemy import select

from homeport.comments.models import Block, Response
from homeport.comments.writers import blocked_as, erase_person, export_person
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
    kept = export_person(connection, " GRACE@example.org ")
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


def test_nobody_is_everybody_without_an_address(session, entry):
    make_comment(session, entry)
    assert erase_person(session, " ") == 0
