"""Storing at the same time, by the same token, and by people who are known."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from homeport.blog.models import Entry
from homeport.comments.actions import AlreadySentError, NewComment, store_comment
from homeport.comments.forms import CommentForm
from homeport.comments.models import Block, Response, UsedToken
from homeport.comments.queries.visitor import find_commented_entry
from homeport.comments.tokens import FormToken
from homeport.jobs.models import Job
from tests.factories.blog import make_entry
from tests.factories.comments import make_comment

GRACE = CommentForm("Grace", "grace@example.org", "", "True.")


def _token(entry):
    return FormToken(entry.public_id, uuid4(), datetime.now(UTC), uuid4().bytes, 5.0)


def _store(session, entry, form=GRACE, *, rule="known", address_hash=None):
    found = find_commented_entry(session.connection(), entry.public_id)
    return store_comment(session, found, NewComment(form, _token(entry), address_hash), rule=rule)


class TestWhoIsKnown:
    def test_an_approved_name_and_mail_is_shown_at_once(self, session, entry):
        make_comment(session, entry, writer_name="Grace", writer_email="Grace@Example.org", learned="ham")
        assert _store(session, entry).state == "shown"

    @pytest.mark.parametrize(
        "before",
        [
            {"writer_name": "Grace", "writer_email": "other@example.org", "learned": "ham"},
            {"writer_name": "Somebody", "writer_email": "grace@example.org", "learned": "ham"},
            {"writer_name": "Grace", "writer_email": "grace@example.org"},
            {"writer_name": "Grace", "writer_email": "grace@example.org", "learned": "ham", "state": "deleted"},
        ],
    )
    def test_anybody_else_waits(self, session, entry, before):
        make_comment(session, entry, **before)
        assert _store(session, entry).state == "held"

    def test_a_name_alone_is_never_known(self, session, entry):
        make_comment(session, entry, writer_name="Grace", writer_email="", learned="ham")
        assert _store(session, entry, CommentForm("Grace", "", "", "True.")).state == "held"


@pytest.mark.parametrize(
    ("kind", "value"),
    [("email", "mail grace@example.org"), ("site", "site evil.example"), ("address", "address 0102")],
)
def test_whatever_a_blocked_writer_leaves_gives_them_away(session, entry, kind, value):
    session.add(Block(kind=kind, value=value))
    form = CommentForm("Grace", "GRACE@example.org", "https://www.evil.example/", "True.")
    stored = _store(session, entry, form, rule="show", address_hash=b"\x01\x02")
    assert (stored.state, stored.held_because) == ("spam", "the writer is blocked")


def test_an_id_that_a_comment_has_already_is_a_form_that_was_sent_before(session, entry):
    there = make_comment(session, entry)
    found = find_commented_entry(session.connection(), entry.public_id)
    token = replace(_token(entry), comment_id=there.public_id)
    with pytest.raises(AlreadySentError) as caught:
        store_comment(session, found, NewComment(GRACE, token, None), rule="show")
    assert caught.value.comment_id == there.public_id
    assert list(session.scalars(select(Response.id))) == [there.id]


def test_of_two_forms_sent_at_once_one_is_stored(database):
    with database.transaction() as session:
        entry = make_entry(session, slug=f"race-{uuid4().hex}")
    token, results = _token(entry), []
    gate = threading.Barrier(4)

    def send():
        gate.wait()
        try:
            with database.transaction() as session:
                found = find_commented_entry(session.connection(), entry.public_id)
                results.append(store_comment(session, found, NewComment(GRACE, token, None), rule="show").public_id)
        except AlreadySentError as error:
            results.append(error.comment_id)

    try:
        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        with database.reader() as connection:
            stored = connection.scalars(select(Response.public_id).where(Response.entry_id == entry.id)).all()
        assert stored == [token.comment_id]
        assert results == [token.comment_id] * 4
    finally:
        with database.transaction() as session:
            session.execute(delete(UsedToken).where(UsedToken.token_hash == token.digest))
            session.execute(delete(Entry).where(Entry.id == entry.id))
            session.execute(delete(Job))
