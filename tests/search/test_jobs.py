from homeport.search.index import list_outdated
from homeport.search.jobs import index, index_missing
from tests.factories.blog import make_entry


def test_everything_that_is_missing_is_indexed(own_database, session, settings):
    for _ in range(3):
        make_entry(session)
    index_missing(own_database, settings, {})
    assert list_outdated(session, limit=5) == []


def test_one_entry_is_indexed_and_doing_it_twice_does_no_harm(own_database, session, settings):
    entry = make_entry(session)
    for _ in range(2):
        index(own_database, settings, {"entry_id": entry.id})
    assert list_outdated(session, limit=5) == []


def test_an_entry_that_is_gone_is_no_error(own_database, settings):
    index(own_database, settings, {"entry_id": 0})
