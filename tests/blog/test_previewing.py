from dataclasses import replace

from sqlalchemy import func, select

from homeport.blog import queries
from homeport.blog.actions import LOADS
from homeport.blog.drafts import draft_of
from homeport.blog.fields import EntryFields
from homeport.blog.models import Entry, Tag
from homeport.blog.previewing import preview_page
from tests.factories.blog import make_entry


def test_a_preview_is_the_page_that_readers_get(session, connection):
    for part in (1, 2, 3):
        make_entry(session, series="A year", series_position=part, tags=("Rust", "The web"), authors=("Ada",))
    make_entry(session, tags=("Rust",))
    entry = session.scalars(select(Entry).where(Entry.series_position == 2).options(*LOADS)).one()
    shown = preview_page(session, draft_of(session, entry).fields, entry)
    public = queries.find_entry_page(connection, entry.path)
    assert replace(shown, is_listed=True, extras=public.extras) == public


def test_nothing_is_stored_for_a_preview(session):
    page = preview_page(session, EntryFields(title="New", source="*x*", tags=("Fresh",), authors=("Grace",)))
    assert "<em>x</em>" in page.html
    assert (page.card.tags[0].title, page.authors[0].name, page.card.path) == ("Fresh", "Grace", "/posts/new")
    assert session.scalars(select(func.count()).select_from(Tag)).one() == 0


def test_a_page_has_nothing_around_it(session):
    make_entry(session)
    page = preview_page(session, EntryFields(kind="page", title="About"))
    assert (page.card.path, page.previous, page.related) == ("/about", None, ())
