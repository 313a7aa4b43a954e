from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, update

from homeport.blog import rows
from homeport.blog.actions import delete_entry
from homeport.blog.models import Entry
from homeport.blog.queries import shelf as shelf_queries
from homeport.blog.queries.shelf import SHELF_SIZE, Wish, list_shelf
from homeport.blog.versions import WorkingCopy
from tests.factories.blog import make_draft, make_entry, make_page
from tests.factories.statements import recorded

FAR_AWAY = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def shelf(session, connection):
    """The titles that fit a wish."""

    def shelf(**wish):
        session.flush()
        return [entry.title for entry in list_shelf(connection, Wish(**wish)).entries]

    return shelf


def test_each_state_has_its_shelf_and_count(session, connection, shelf):
    make_draft(session, title="draft")
    make_entry(session, title="scheduled", published_at=FAR_AWAY)
    make_entry(session, title="published")
    make_entry(session, title="unlisted", state="unlisted")
    delete_entry(session, make_entry(session, title="deleted"))
    for state in ("draft", "scheduled", "published", "unlisted", "deleted"):
        assert shelf(state=state) == [state]
    assert "deleted" not in shelf()
    assert set(list_shelf(connection, Wish()).counts.values()) == {1}


def test_words_of_the_title_or_the_slug_find_an_entry(session, shelf):
    make_draft(session, title="First Light at 100%", slug="dawn")
    make_draft(session, title="Other")
    assert shelf(words="light first") == ["First Light at 100%"]
    assert shelf(words="daw") == ["First Light at 100%"]
    assert shelf(words="%") == ["First Light at 100%"]
    assert shelf(words="_") == []


def test_kinds_and_authors_narrow_it(session, shelf):
    entry = make_entry(session, title="Ada's", authors=("Ada", "Grace"))
    make_page(session, title="About")
    assert shelf(kind="page") == ["About"]
    assert shelf(author_id=entry.bylines[1].author_id) == ["Ada's"]
    assert shelf(author_id=0) == []


def test_it_shows_who_wrote_it_and_that_something_is_written_over_it(session, connection):
    entry = make_entry(session, authors=("Ada", "Grace"))
    session.add(WorkingCopy(entry_id=entry.id, fields={}))
    session.flush()
    (card,) = list_shelf(connection, Wish()).entries
    assert (card.authors, card.is_changed) == ("Ada, Grace", True)


def test_pages_follow_each_other_without_a_gap(session, connection):
    for number in range(SHELF_SIZE * 2 + 3):
        make_draft(session, title=f"{number}")
    session.execute(update(Entry).values(modified_at=func.now() - timedelta(minutes=1) * (Entry.id % 3)))
    seen, before = [], ""
    while True:
        page = list_shelf(connection, Wish(), before=before)
        seen += [entry.title for entry in page.entries]
        if not page.older:
            break
        before = page.older
    assert sorted(map(int, seen)) == list(range(SHELF_SIZE * 2 + 3))


def test_what_is_very_many_is_not_counted_to_its_end(session, connection, monkeypatch):
    for module in (shelf_queries, rows):
        monkeypatch.setattr(module, "COUNTED", 2)
    for number in range(5):
        make_draft(session, title=f"{number}")
    make_entry(session)
    assert list_shelf(connection, Wish()).counts["draft"] == 3
    assert list_shelf(connection, Wish()).shown_counts == {"draft": "2+", "published": "1"}


def test_it_takes_two_statements(session, connection):
    for _ in range(3):
        make_entry(session, authors=("Ada",), tags=("x",))
    with recorded(connection) as statements:
        list_shelf(connection, Wish(words="entry", state="published"))
    assert len(statements) == 2
