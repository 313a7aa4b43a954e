from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from homeport.comments.jobs import forget
from homeport.comments.models import Block, Response, SpamWord, UsedToken
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
