from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from homeport.comments.jobs import forget
from homeport.comments.models import Block, Response, SpamWord, UsedToken
from homeport.comments.spamfilter import learn
from homeport.comments.writers import words_of_response
from tests.factories.comments import make_comment

NOW = datetime.now(UTC)


def test_addresses_are_forgotten_after_thirty_days_and_may_be_forgotten_twice(session, own_database, settings, entry):
    make_comment(session, entry, address_hash=b"old", created_at=NOW - timedelta(days=31))
    make_comment(session, entry, address_hash=b"new", created_at=NOW - timedelta(days=29))
    session.add_all(
        [
            Block(kind="address", value="address 6f6c64", created_at=NOW - timedelta(days=31)),
            Block(kind="email", value="mail eve@example.org", created_at=NOW - timedelta(days=31)),
        ]
    )
    session.commit()
    forget(own_database, settings, {})
    forget(own_database, settings, {})
    session.expire_all()
    assert list(session.scalars(select(Response.address_hash).order_by(Response.id))) == [None, b"new"]
    assert list(session.scalars(select(Block.value))) == ["mail eve@example.org"]


@pytest.mark.parametrize("state", ["spam", "deleted"])
def test_what_nobody_brings_back_is_erased_after_a_month(session, own_database, settings, entry, state, monkeypatch):
    monkeypatch.setattr("homeport.comments.jobs.AT_ONCE", 2)
    for _ in range(5):
        make_comment(session, entry, state=state, created_at=NOW - timedelta(days=31))
    lately = {"created_at": NOW - timedelta(days=90), "decided_at": NOW - timedelta(days=29)}
    kept = [
        make_comment(session, entry, state=state, created_at=NOW - timedelta(days=29)).id,
        make_comment(session, entry, state=state, **lately).id,
        make_comment(session, entry, state="held", created_at=NOW - timedelta(days=90)).id,
        make_comment(session, entry, created_at=NOW - timedelta(days=90)).id,
    ]
    session.commit()
    forget(own_database, settings, {})
    session.expire_all()
    assert list(session.scalars(select(Response.id).order_by(Response.id))) == kept


def test_erased_spam_is_still_a_lesson_but_nobody_s(session, own_database, settings, entry):
    spam = make_comment(session, entry, state="spam", text="casino", writer_name="Zoe", learned="spam")
    spam.created_at = NOW - timedelta(days=31)
    learn(session, words_of_response(spam), "spam")
    session.commit()
    forget(own_database, settings, {})
    assert dict(session.execute(select(SpamWord.word, SpamWord.spam)).all()) == {"": 1, "0 links": 1, "casino": 1}


def test_used_tokens_outlive_every_form_that_carries_them(session, own_database, settings):
    session.add(UsedToken(token_hash=b"expired", expires_at=NOW - timedelta(minutes=1)))
    session.add(UsedToken(token_hash=b"long ago", expires_at=NOW - timedelta(days=2)))
    session.commit()
    forget(own_database, settings, {})
    assert list(session.scalars(select(UsedToken.token_hash))) == [b"expired"]


def test_words_that_nothing_counts_any_more_are_forgotten(session, own_database, settings):
    session.add_all([SpamWord(word="kept", spam=0, ham=1), SpamWord(word="gone", spam=0, ham=0)])
    session.commit()
    forget(own_database, settings, {})
    assert list(session.scalars(select(SpamWord.word))) == ["kept"]
