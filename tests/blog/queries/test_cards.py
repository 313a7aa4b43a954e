"""An entry in a list is the same object as long as nothing about it changes."""

from sqlalchemy import update

from homeport.blog.actions import change_site
from homeport.blog.models import Tag
from homeport.blog.queries import cards, list_home
from homeport.site.queries import load_site
from tests.factories.blog import make_entry


def test_a_line_changes_when_anything_about_it_does(session, connection):
    entry = make_entry(session, title="One", tags=("old",))
    (first,) = list_home(connection).entries
    assert list_home(connection).entries[0] is first
    session.execute(update(Tag).values(title="New"))
    (renamed,) = list_home(connection).entries
    assert [tag.title for tag in renamed.tags] == ["New"]
    entry.title = "Two"
    session.flush()
    assert list_home(connection).entries[0].heading == "Two"


def test_what_is_long_is_not_kept(session, connection):
    make_entry(session, title="x" * cards.LONGEST_ROW, tags=("one",))
    first, again = (list_home(connection).entries[0] for _ in range(2))
    assert first == again
    assert first is not again


def test_the_site_is_the_same_object_until_it_changes(session, connection):
    first = load_site(connection)
    assert load_site(connection) is first
    change_site(session, title="Another")
    assert load_site(connection).title == "Another"
    assert load_site(connection, address="https://example.org").address == "https://example.org"
