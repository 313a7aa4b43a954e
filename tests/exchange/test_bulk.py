from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select

from homeport.blog.actions import AuthorInput, EntryInput, create_entry
from homeport.blog.models import Byline, Entry, EntryTag, Reference
from homeport.blog.rendering import Target
from homeport.exchange.bulk import MAX_TARGET_BYTES, Names, Provenance, insert_entry, insert_redirects
from homeport.exchange.models import ImportedFile
from homeport.site.models import Redirect
from homeport.text.markdown import render
from tests.factories.blog import make_entry

OWN = {"id", "public_id", "slug", "path", "created_at", "modified_at", "entry_id"}


def given(slug: str, **changes) -> EntryInput:
    source = "# Hi\n\n[x](other) <script>no</script> [y](/gone)\n"
    values = {
        "title": "T",
        "source": source,
        "front_matter": "---\na: 1\n---\n",
        "slug": slug,
        "subtitle": "S",
        "state": "published",
        "published_at": datetime(2020, 1, 2, tzinfo=UTC),
        "updated_at": datetime(2020, 1, 3, tzinfo=UTC),
        "language": "de",
        "canonical_url": "https://c.example/",
        "link_url": "https://l.example/",
        "description": "D",
        "authors": (AuthorInput("Ada"), AuthorInput("Bob"), AuthorInput("Ada")),
        "tags": ("One", "two", "one"),
        "series": "Trip",
        "series_position": 2,
        "feed_id": "https://old.example/1",
        "rendered": render(source),
    }
    return EntryInput(**values | changes)


def rows(session, model, entry_id: int) -> list[dict[str, object]]:
    table = model.__table__
    key = table.c.id if model is Entry else table.c.entry_id
    found = session.execute(select(table).where(key == entry_id).order_by(*table.primary_key)).mappings()
    return [{name: value for name, value in row.items() if name not in OWN} for row in found]


def test_it_leaves_the_same_rows_as_create_entry(session):
    other = make_entry(session, slug="other")
    targets = {("link", "other"): Target(entry_id=other.id)}
    slow = create_entry(session, given("slow", targets=targets)).id
    fast = insert_entry(session, given("fast", targets=targets), "/posts/fast", Names(), Provenance())
    for model in (Entry, Byline, EntryTag, Reference):
        assert rows(session, model, fast) == rows(session, model, slow)
    assert session.get_one(Entry, fast).path == "/posts/fast"


def test_names_are_looked_up_once(session):
    names = Names()
    insert_entry(session, given("a"), "/posts/a", names, Provenance())
    assert set(names.authors) == {"Ada", "Bob"}
    known = Names({"Ada": names.authors["Bob"], "Bob": names.authors["Bob"]}, names.tags, names.series)
    entry_id = insert_entry(session, given("b"), "/posts/b", known, Provenance())
    assert [row["author_id"] for row in rows(session, Byline, entry_id)] == [names.authors["Bob"]]


def test_what_fails_does_not_spoil_the_names():
    names = Names({"Ada": 1})
    names.copy().authors["Bob"] = 2
    assert names.authors == {"Ada": 1}


def test_a_target_too_long_for_the_index_has_no_row(session):
    long = "https://a.example/" + "x" * MAX_TARGET_BYTES
    source = f"[a]({long}) [b](https://b.example/)"
    entry_id = insert_entry(session, given("a", source=source, rendered=render(source)), "/a", Names(), Provenance())
    assert [row["target"] for row in rows(session, Reference, entry_id)] == ["https://b.example/"]


def test_a_redirect_leads_to_the_last_who_asked(session):
    one, two = make_entry(session), make_entry(session)
    insert_redirects(session, ["/old", "/older"], one.id)
    insert_redirects(session, ["/old"], two.id)
    insert_redirects(session, [], two.id)
    ends = dict(session.execute(select(Redirect.path, Redirect.entry_id)).all())
    assert ends == {"/old": two.id, "/older": one.id}


def test_the_file_and_the_old_addresses_go_in_with_the_entry(session):
    first = insert_entry(session, given("a"), "/a", Names(), Provenance(("blog", "a.md", "1"), ("/old", "/older")))
    again = insert_entry(session, given("b"), "/b", Names(), Provenance(("blog", "a.md", "2"), ("/old",)))
    files = session.execute(select(ImportedFile.path, ImportedFile.digest, ImportedFile.entry_id)).all()
    assert files == [("a.md", "2", again)]
    ends = dict(session.execute(select(Redirect.path, Redirect.entry_id)).all())
    assert ends == {"/old": again, "/older": first}


def test_columns_of_an_entry_that_comes_back_win(session):
    public_id = uuid4()
    entry_id = insert_entry(session, given("a"), "/a", Names(), Provenance(columns={"public_id": public_id}))
    assert session.get_one(Entry, entry_id).public_id == public_id
