from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, text

from homeport.blog import queries
from homeport.blog.actions import change_site, delete_entry, unpublish_entry, update_entry
from homeport.blog.drafts import DeletedEntryError, open_draft
from homeport.blog.forms import FieldsError
from homeport.blog.inputs import input_of
from homeport.blog.merging import Base, EditConflictError
from homeport.blog.models import Entry, Reference, Tag
from homeport.blog.taxonomy import describe_tag, find_or_create_tag
from homeport.blog.versions import EntryRevision, WorkingCopy
from homeport.blog.writing import save_entry, start_entry
from homeport.errors import ForbiddenError, InvalidError, NotFoundError
from homeport.jobs.models import Job
from homeport.media.models import Media
from tests.factories.blog import make_draft, make_entry, make_page
from tests.factories.members import make_member
from tests.factories.statements import recorded

FAR_AWAY = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def owner(session):
    return make_member(session, "owner")


def saved(session, member, entry, *, version=None, base=None, **typed):
    return save_entry(session, member, entry.public_id, typed, version=version or entry.version, base=base)


def indexed(session):
    return session.scalars(select(Job.key).where(Job.kind == "search.index")).all()


class TestStartEntry:
    def test_a_new_entry_is_a_draft_signed_by_who_wrote_it(self, session, owner):
        entry = session.scalars(
            select(Entry).where(Entry.public_id == start_entry(session, owner, {"title": "First"}).public_id)
        ).one()
        assert (entry.state, entry.slug, entry.changed_by_id) == ("draft", "first", owner.account_id)
        assert open_draft(session, owner, entry.public_id).fields.authors == (owner.display_name,)

    def test_nothing_but_a_text_is_enough(self, session, owner):
        assert start_entry(session, owner, {"source": "Some words here"}).slug == "some-words-here"

    def test_entries_without_any_words_get_addresses_of_their_own(self, session, owner):
        slugs = [start_entry(session, owner, {}).slug for _ in range(3)]
        assert slugs == ["untitled", "untitled-2", "untitled-3"]

    def test_an_address_that_is_taken_is_said_at_its_field(self, session, owner):
        make_entry(session, slug="taken")
        with pytest.raises(FieldsError) as caught:
            start_entry(session, owner, {"slug": "taken", "title": "x"})
        assert "already" in caught.value.faults["slug"]
        assert start_entry(session, owner, {"slug": "taken", "kind": "page"}).slug == "taken"

    def test_an_address_of_the_site_itself_is_said_at_its_field(self, session, owner):
        change_site(session, permalink_pattern="/{slug}")
        with pytest.raises(FieldsError) as caught:
            start_entry(session, owner, {"slug": "archive", "title": "x"})
        assert "The site itself answers" in caught.value.faults["slug"]
        assert start_entry(session, owner, {"title": "Archive"}).slug == "archive-post"

    def test_all_fields_are_stored(self, session, owner):
        typed = {
            "title": "T", "subtitle": "S", "source": "x", "kind": "link", "tags": "Rust, The web", "series": "A year",
            "series_position": "2", "description": "D", "language": "de", "canonical_url": "https://example.org/x",
            "link_url": "https://example.org/y", "comments_open": "no", "cover_alt": "A", "authors": "Grace Hopper",
            "published_at": "2030-01-01T10:00",
        }  # fmt: skip
        fields = open_draft(session, owner, start_entry(session, owner, typed).public_id).fields
        assert (fields.tags, fields.series, fields.series_position) == (("Rust", "The web"), "A year", 2)
        assert (fields.authors, fields.comments_open, fields.kind) == (("Grace Hopper",), False, "link")
        assert fields.published_at.isoformat() == "2030-01-01T10:00:00+00:00"

    def test_a_cover_must_be_in_the_library(self, session, owner):
        with pytest.raises(FieldsError) as caught:
            start_entry(session, owner, {"cover_media_id": "999"})
        assert list(caught.value.faults) == ["cover_media_id"]

    def test_a_cover_can_be_given_by_its_path(self, session, owner):
        media = Media(hash="0a" * 16, original_hash="", name="a.png", content_type="image/png", size_bytes=1)
        session.add(media)
        session.flush()
        made = start_entry(session, owner, {"title": "T", "cover_media_id": f"https://example.org{media.path}"})
        assert open_draft(session, owner, made.public_id).fields.cover_media_id == media.id

    def test_an_author_writes_under_the_own_name_only(self, session, owner):
        author = make_member(session, "author")
        with pytest.raises(FieldsError) as caught:
            start_entry(session, author, {"authors": owner.display_name})
        assert list(caught.value.faults) == ["authors"]
        assert start_entry(session, author, {"authors": author.display_name}).version == 1

    def test_the_search_is_told(self, session, owner):
        start_entry(session, owner, {"title": "First"})
        assert len(indexed(session)) == 1


class TestSaveOfADraft:
    def test_the_draft_itself_is_changed_and_the_version_counted(self, session, owner):
        entry = make_draft(session, title="Old", source="old")
        result = saved(session, owner, entry, title="New", source="new *words*")
        assert (entry.title, entry.source, result.version) == ("New", "new *words*", 2)
        assert "<em>words</em>" in entry.html
        assert (result.word_count, result.reading_minutes, result.is_changed) == (2, 1, False)

    def test_a_save_without_a_change_is_none(self, session, owner):
        entry = make_draft(session, source="a\r\nb\n")
        assert saved(session, owner, entry, source="a\r\nb\r\n").version == 1
        assert session.scalars(select(EntryRevision)).all() == []

    def test_no_byte_of_a_line_changes_that_nobody_touched(self, session, owner):
        entry = make_draft(session, source="a\r\nb\nc\r\n", front_matter="---\r\nodd: 1\r\n---\r\n")
        saved(session, owner, entry, source="a\r\nb\r\nnew\r\nc\r\n")
        assert entry.source == "a\r\nb\nnew\r\nc\r\n"
        assert entry.front_matter == "---\r\nodd: 1\r\n---\r\n"

    def test_the_address_follows_the_title_until_somebody_chooses_one(self, session, owner):
        entry = make_draft(session, title="One")
        assert saved(session, owner, entry, title="Two words", slug="one").slug == "two-words"
        assert saved(session, owner, entry, slug="chosen").slug == "chosen"
        assert saved(session, owner, entry, title="Three").slug == "chosen"

    def test_the_address_of_what_was_public_once_stays(self, session, owner):
        entry = make_entry(session, title="One")
        unpublish_entry(session, entry)
        assert saved(session, owner, entry, title="Two").slug == "one"

    def test_one_revision_is_kept_while_somebody_writes(self, session, owner):
        entry = make_draft(session, source="one")
        for words in ("two", "three", "four"):
            saved(session, owner, entry, source=words)
        assert session.scalars(select(EntryRevision.source)).all() == ["one"]

    def test_links_to_entries_and_files_follow_them(self, session, owner):
        target = make_entry(session, slug="target")
        media = Media(hash="0a" * 16, original_hash="", name="a.png", content_type="image/png", size_bytes=1, width=4)
        session.add(media)
        session.flush()
        entry = make_draft(session)
        saved(session, owner, entry, source=f"[a](/posts/target) ![b]({media.path}) [c](target)")
        rows = session.scalars(select(Reference).where(Reference.entry_id == entry.id)).all()
        assert {(row.to_entry_id, row.to_media_id) for row in rows} == {(target.id, None), (None, media.id)}

    def test_the_search_is_told_of_words_only(self, session, owner):
        entry = make_draft(session)
        session.execute(delete(Job))
        saved(session, owner, entry, description="Something")
        assert indexed(session) == []
        saved(session, owner, entry, title="Something")
        assert indexed(session) == [f"search {entry.id}"]

    def test_tags_that_were_half_typed_do_not_stay(self, session, owner):
        entry = make_draft(session)
        describe_tag(session, find_or_create_tag(session, "Sea").slug, description="Waves")
        make_draft(session, tags=("Ru",))
        for tags in ("R, Ru, Sea", "Rus", "Rust"):
            saved(session, owner, entry, tags=tags)
        assert set(session.scalars(select(Tag.title))) == {"Ru", "Sea", "Rust"}

    def test_an_address_that_is_taken_leaves_all_as_it_was(self, session, owner):
        make_entry(session, slug="taken")
        entry = make_draft(session, source="old")
        with pytest.raises(FieldsError):
            saved(session, owner, entry, slug="taken", source="new")
        session.refresh(entry)
        assert entry.source == "old"

    def test_the_same_path_as_a_page_is_said_at_the_slug(self, session, owner, site):
        change_site(session, permalink_pattern="/{slug}")
        make_page(session, slug="about")
        entry = make_draft(session)
        with pytest.raises(FieldsError) as caught:
            saved(session, owner, entry, slug="about")
        assert "slug" in caught.value.faults

    def test_a_form_without_a_version_is_refused(self, session, owner):
        entry = make_draft(session)
        with pytest.raises(InvalidError):
            save_entry(session, owner, entry.public_id, {"title": "x"}, version=None)


class TestSaveOfWhatReadersSee:
    def test_readers_see_nothing_of_it(self, session, owner, connection):
        entry = make_entry(session, title="Old", source="old", slug="one")
        result = saved(session, owner, entry, title="New", source="new words", tags="Fresh")
        session.expire_all()
        page = queries.find_entry_page(connection, "/posts/one")
        assert (page.card.title, page.card.tags) == ("Old", ())
        assert (result.version, result.is_changed, result.word_count) == (2, True, 2)

    def test_the_author_goes_on_where_it_was_left(self, session, owner):
        entry = make_entry(session, source="a\r\nb\r\n")
        saved(session, owner, entry, source="a\nb\nc\n")
        saved(session, owner, entry, title="New")
        fields = open_draft(session, owner, entry.public_id).fields
        assert (fields.source, fields.title) == ("a\r\nb\r\nc\r\n", "New")

    def test_going_back_to_what_is_public_leaves_no_copy(self, session, owner):
        entry = make_entry(session, source="old")
        saved(session, owner, entry, source="new")
        assert not saved(session, owner, entry, source="old").is_changed
        assert session.get(WorkingCopy, entry.id) is None

    def test_what_is_scheduled_appears_as_it_was_when_it_was_scheduled(self, session, owner):
        entry = make_entry(session, source="old", published_at=FAR_AWAY)
        assert saved(session, owner, entry, source="half a sen").is_changed
        assert entry.source == "old"

    def test_what_was_written_over_it_is_kept_as_a_revision(self, session, owner):
        entry = make_entry(session, source="old")
        saved(session, owner, entry, source="first")
        saved(session, make_member(session, "editor"), entry, source="second")
        assert session.scalars(select(EntryRevision.source).order_by(EntryRevision.number)).all() == ["old", "first"]


class TestChangeBelowAWorkingCopy:
    def test_what_was_changed_elsewhere_comes_into_it(self, session, owner):
        entry = make_entry(session, title="Old", source="one\r\ntwo\r\nthree\r\n")
        saved(session, owner, entry, source="ONE\r\ntwo\r\nthree\r\n", description="Mine")
        change = replace(input_of(session, entry), title="New", source="one\r\ntwo\r\nTHREE\r\n")
        update_entry(session, entry, change)
        fields = open_draft(session, owner, entry.public_id).fields
        assert fields.source == "ONE\r\ntwo\r\nTHREE\r\n"
        assert (fields.title, fields.description) == ("New", "Mine")

    def test_an_open_editor_notices(self, session, owner):
        entry = make_entry(session, source="one")
        saved(session, owner, entry, source="ONE")
        update_entry(session, entry, replace(input_of(session, entry), source="one!"))
        with pytest.raises(EditConflictError):
            saved(session, owner, entry, source="ONE more", version=2)


class TestConflict:
    def test_the_second_of_two_is_shown_what_the_first_wrote(self, session, owner):
        entry = make_draft(session, source="one\ntwo\nthree\n")
        other = make_member(session, "editor")
        saved(session, other, entry, source="ONE\ntwo\nthree\n", version=1)
        with pytest.raises(EditConflictError) as caught:
            saved(session, owner, entry, source="one\ntwo\nTHREE\n", version=1, base=Base("one\ntwo\nthree\n"))
        conflict = caught.value.conflict
        assert (conflict.version, conflict.changed_by) == (2, other.display_name)
        assert conflict.theirs["source"] == "ONE\ntwo\nthree\n"
        assert conflict.merged.form["source"] == "ONE\ntwo\nTHREE\n"
        assert entry.source == "ONE\ntwo\nthree\n"

    def test_a_save_that_is_sent_twice_is_no_conflict(self, session, owner):
        entry = make_draft(session, source="one")
        saved(session, owner, entry, source="two", version=1)
        assert saved(session, owner, entry, source="two", version=1).version == 2

    def test_a_change_from_elsewhere_counts_too(self, session, owner):
        entry = make_entry(session)
        unpublish_entry(session, entry)
        version = entry.version
        saved(session, owner, entry, title="From here")
        with pytest.raises(EditConflictError):
            saved(session, owner, entry, title="From there", version=version)

    def test_a_working_copy_has_the_same_guard(self, session, owner):
        entry = make_entry(session, source="one")
        saved(session, owner, entry, source="two", version=1)
        with pytest.raises(EditConflictError) as caught:
            saved(session, owner, entry, source="three", version=1)
        assert caught.value.conflict.theirs["source"] == "two"

    def test_of_two_saves_at_one_instant_one_wins(self, database):
        with database.transaction() as session:
            member = make_member(session, "owner")
            public_id = make_draft(session, source="one").public_id

        def save(words):
            with database.transaction() as session:
                try:
                    return save_entry(session, member, public_id, {"source": words}, version=1).version
                except EditConflictError as error:
                    return error.conflict.theirs["source"]

        try:
            with ThreadPoolExecutor(2) as pool:
                answers = list(pool.map(save, ["two", "three"]))
            assert answers in ([2, "two"], ["three", 2])
        finally:
            with database.transaction() as session:
                for table in ("job", "entry", "account", "author"):
                    session.execute(text(f"delete from {table}"))


class TestWhoMaySave:
    def test_authors_change_what_they_sign(self, session):
        author = make_member(session, "author")
        own = start_entry(session, author, {"title": "Mine"})
        assert save_entry(session, author, own.public_id, {"title": "Still mine"}, version=1).version == 2

    def test_authors_change_nothing_else(self, session):
        entry = make_draft(session)
        with pytest.raises(ForbiddenError):
            saved(session, make_member(session, "author"), entry, title="x")

    def test_editors_change_everything(self, session):
        assert saved(session, make_member(session, "editor"), make_draft(session), title="x").version == 2

    def test_nobody_changes_what_is_not_there(self, session, owner):
        with pytest.raises(NotFoundError):
            save_entry(session, owner, uuid4(), {}, version=1)

    def test_what_was_deleted_says_so(self, session, owner):
        entry = make_draft(session)
        delete_entry(session, entry)
        with pytest.raises(DeletedEntryError):
            saved(session, owner, entry, title="x")


def test_a_save_costs_the_same_however_much_there_is(session, owner, connection):
    entry = make_draft(session)
    with recorded(connection) as few:
        saved(session, owner, entry, source="one")
    for number in range(5):
        make_entry(session, source=f"[a](/posts/{entry.slug}) {number}")
    with recorded(connection) as many:
        saved(session, owner, entry, source="two")
    assert len(many) <= len(few)
