from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from homeport.blog.actions import delete_entry, publish_entry, unpublish_entry
from homeport.blog.jobs import published, purge_entries
from homeport.blog.models import Entry
from homeport.jobs.models import Job
from tests.factories.blog import make_draft, make_entry

FAR_AWAY = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def run(session, own_database, settings):
    """Do a job for an entry as the worker does, and return the kinds of what it left behind."""

    def run(entry):
        session.flush()
        session.execute(delete(Job))
        published(own_database, settings, {"entry_id": entry.id})
        session.expire_all()
        return session.execute(select(Job.kind, Job.run_at)).all()

    return run


def test_what_readers_can_see_is_followed_up(session, run):
    assert [row.kind for row in run(make_entry(session))] == ["search.index"]


def test_what_was_put_off_is_waited_for(session, run):
    entry = make_draft(session)
    publish_entry(session, entry, FAR_AWAY)
    assert [tuple(row) for row in run(entry)] == [("blog.published", FAR_AWAY)]


def test_what_was_taken_back_needs_nothing(session, run):
    hidden, deleted = make_entry(session), make_entry(session)
    unpublish_entry(session, hidden)
    delete_entry(session, deleted)
    assert run(hidden) == []
    assert run(deleted) == []


def test_an_entry_that_is_not_there_any_more_is_no_failure(own_database, settings):
    published(own_database, settings, {"entry_id": 0})


def test_what_was_deleted_long_ago_goes_for_good(session, own_database, settings):
    entry = make_entry(session)
    delete_entry(session, entry)
    purge_entries(own_database, settings, {})
    assert session.scalars(select(Entry.id)).all() == [entry.id]
    session.execute(update(Entry).values(deleted_at=func.now() - timedelta(days=31)))
    session.flush()
    purge_entries(own_database, settings, {})
    assert session.scalars(select(Entry.id)).all() == []
