from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from homeport.blog.actions import EntryInput, delete_entry, publish_entry, unpublish_entry, update_entry
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


def followed_up(session, entry) -> list[datetime]:
    jobs = select(Job.run_at).where(Job.kind == "blog.published", Job.payload["entry_id"].as_integer() == entry.id)
    return list(session.scalars(jobs))


def test_however_an_entry_comes_before_readers_that_is_followed_up(session):
    published, coming, draft = make_entry(session), make_entry(session, published_at=FAR_AWAY), make_draft(session)
    assert followed_up(session, published) == [session.scalar(select(func.now()))]
    assert followed_up(session, coming) == [FAR_AWAY]
    assert followed_up(session, draft) == []
    update_entry(session, draft, EntryInput(title="Now", source="Text\n", state="published", published_at=FAR_AWAY))
    assert followed_up(session, draft) == [FAR_AWAY]


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
