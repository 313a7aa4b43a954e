from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from homeport.blog.revisions import KEPT, Wording, keep_revision, keep_while_writing
from homeport.blog.versions import EntryRevision
from tests.factories.blog import make_entry
from tests.factories.members import make_account


@pytest.fixture
def entry(session):
    return make_entry(session)


def kept(session, entry):
    rows = select(EntryRevision).where(EntryRevision.entry_id == entry.id).order_by(EntryRevision.number)
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def said(text):
    return Wording("A title", "", text)


def make_older(session, minutes):
    session.execute(update(EntryRevision).values(created_at=func.now() - timedelta(minutes=minutes)))


class TestKeepRevision:
    def test_revisions_are_counted_from_one(self, session, entry):
        for text in ("one", "two"):
            keep_revision(session, entry.id, said(text), reason="because")
        assert [(each.number, each.source) for each in kept(session, entry)] == [(1, "one"), (2, "two")]

    def test_what_was_kept_last_is_not_kept_twice(self, session, entry):
        keep_revision(session, entry.id, said("one"))
        keep_revision(session, entry.id, said("one"), is_public=True)
        (only,) = kept(session, entry)
        assert only.is_public

    def test_a_number_is_not_given_again(self, session, entry):
        for text in ("one", "two"):
            keep_revision(session, entry.id, said(text))
        session.delete(kept(session, entry)[0])
        keep_revision(session, entry.id, said("three"))
        assert [each.number for each in kept(session, entry)] == [2, 3]

    def test_the_oldest_go_first_and_those_that_were_public_stay(self, session, entry):
        keep_revision(session, entry.id, said("public"), is_public=True)
        for number in range(KEPT + 5):
            keep_revision(session, entry.id, said(f"text {number}"))
        texts = [each.source for each in kept(session, entry)]
        assert len(texts) == KEPT
        assert texts[:2] == ["public", "text 6"]


class TestKeepWhileWriting:
    def test_saves_in_a_row_leave_one_revision(self, session, entry):
        account = make_account(session)
        for text in ("one", "two", "three"):
            keep_while_writing(session, entry.id, said(text), account.id)
        assert [each.source for each in kept(session, entry)] == ["one"]

    def test_after_some_minutes_there_is_another(self, session, entry):
        account = make_account(session)
        keep_while_writing(session, entry.id, said("one"), account.id)
        make_older(session, 11)
        keep_while_writing(session, entry.id, said("two"), account.id)
        assert [each.source for each in kept(session, entry)] == ["one", "two"]

    def test_what_another_account_wrote_is_kept_at_once(self, session, entry):
        one, other = make_account(session), make_account(session)
        keep_while_writing(session, entry.id, said("one"), one.id)
        keep_while_writing(session, entry.id, said("two"), other.id)
        assert [each.account_id for each in kept(session, entry)] == [one.id, other.id]
