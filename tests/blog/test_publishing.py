from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from homeport.accounts.proofs import AuditEvent
from homeport.blog import publishing, queries
from homeport.blog.actions import change_site, rename_entry, update_entry
from homeport.blog.drafts import DeletedEntryError, lock_draft
from homeport.blog.forms import FieldsError
from homeport.blog.inputs import input_of
from homeport.blog.models import Entry
from homeport.blog.queries import find_past
from homeport.blog.versions import EntryRevision, WorkingCopy
from homeport.blog.writing import save_entry
from homeport.errors import ConflictError, ForbiddenError
from homeport.jobs.models import Job
from homeport.media.models import Media
from tests.factories.blog import LONG_AGO, make_draft, make_entry, make_page
from tests.factories.members import make_member

FAR_AWAY = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def owner(session):
    return make_member(session, "owner")


def published(session, member, entry, **options):
    return publishing.publish(session, member, lock_draft(session, member, entry.public_id), **options)


def write(session, member, entry, **typed):
    save_entry(session, member, entry.public_id, typed, version=entry.version)


def events(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


class TestPublish:
    def test_a_draft_is_there_at_once(self, session, owner, connection):
        entry = published(session, owner, make_draft(session, slug="one"))
        assert queries.find_entry_page(connection, "/posts/one") is not None
        assert entry.changed_by_id == owner.account_id
        assert events(session) == ["entry.published"]

    def test_what_follows_is_due_at_its_moment(self, session, owner):
        entry = published(session, owner, make_draft(session), at=FAR_AWAY)
        job = session.scalars(select(Job).where(Job.kind == "blog.published")).one()
        assert (job.run_at, job.payload) == (FAR_AWAY, {"entry_id": entry.id})

    def test_what_is_over_it_becomes_the_entry(self, session, owner, connection):
        entry = make_entry(session, slug="one", source="old")
        write(session, owner, entry, title="New", source="new", slug="two", tags="Fresh")
        published(session, owner, entry, at=entry.published_at)
        page = queries.find_entry_page(connection, "/posts/two")
        assert (page.card.title, page.card.tags[0].title) == ("New", "Fresh")
        assert find_past(connection, "/posts/one").target == "/posts/two"
        assert session.get(WorkingCopy, entry.id) is None
        assert page.card.published_at == LONG_AGO
        assert page.card.updated_at > LONG_AGO
        assert events(session) == ["entry.changed"]

    def test_a_change_of_anything_but_words_is_no_update_to_readers(self, session, owner):
        entry = make_entry(session)
        write(session, owner, entry, tags="Fresh")
        assert published(session, owner, entry, at=entry.published_at).updated_at is None

    def test_every_text_that_readers_saw_is_kept(self, session, owner):
        entry = make_entry(session, source="one")
        write(session, owner, entry, source="two")
        write(session, owner, entry, source="three")
        published(session, owner, entry)
        kept = session.execute(
            select(EntryRevision.source, EntryRevision.is_public).order_by(EntryRevision.number)
        ).all()
        assert [tuple(row) for row in kept] == [("one", True), ("three", True)]

    def test_without_a_title_an_article_stays_a_draft(self, session, owner):
        entry = make_draft(session, title="")
        with pytest.raises(FieldsError) as caught:
            published(session, owner, entry)
        assert list(caught.value.faults) == ["title"]
        assert published(session, owner, make_draft(session, title=None, kind="note")).state == "published"

    def test_a_cover_that_was_deleted_meanwhile_is_said_at_its_field(self, session, owner):
        media = Media(hash="0a" * 16, original_hash="", name="a.png", content_type="image/png", size_bytes=1)
        session.add(media)
        session.flush()
        entry = make_entry(session)
        write(session, owner, entry, cover_media_id=str(media.id))
        session.delete(media)
        with pytest.raises(FieldsError) as caught:
            published(session, owner, entry)
        assert list(caught.value.faults) == ["cover_media_id"]

    def test_a_change_from_elsewhere_is_not_published_unseen(self, session, owner):
        entry = make_entry(session, source="one")
        write(session, owner, entry, source="mine")
        update_entry(session, entry, replace(input_of(session, entry), source="theirs"))
        with pytest.raises(FieldsError) as caught:
            published(session, owner, entry)
        assert list(caught.value.faults) == ["source"]

    def test_changes_of_what_is_unlisted_can_stay_there(self, session, owner):
        entry = make_entry(session, state="unlisted")
        write(session, owner, entry, source="new")
        assert published(session, owner, entry, is_listed=False).state == "unlisted"
        assert published(session, owner, entry).state == "published"


class TestBack:
    def test_unpublishing_keeps_what_was_written_over_it(self, session, owner):
        entry = make_entry(session, source="old")
        write(session, owner, entry, source="new")
        publishing.unpublish(session, owner, entry.public_id)
        assert (entry.state, entry.source) == ("draft", "new")
        assert session.get(WorkingCopy, entry.id) is None
        assert session.scalars(select(EntryRevision.source).where(EntryRevision.is_public.is_(False))).all() == ["old"]
        assert events(session) == ["entry.unpublished"]

    def test_a_draft_can_be_shown_at_its_address_only(self, session, owner, connection):
        entry = publishing.unlist(session, owner, make_draft(session, slug="one").public_id)
        assert entry.state == "unlisted"
        assert queries.find_entry_page(connection, "/posts/one") is not None
        assert queries.list_home(connection).entries == ()

    def test_only_who_may_change_it_may_do_so(self, session):
        author, entry = make_member(session, "author"), make_entry(session)
        for act in (publishing.unpublish, publishing.unlist, publishing.delete_entry, publishing.restore_entry):
            with pytest.raises(ForbiddenError):
                act(session, author, entry.public_id)


class TestDeleteAndRestore:
    def test_every_address_is_gone_and_leads_again(self, session, owner, connection):
        entry = make_entry(session, slug="one")
        rename_entry(session, entry, "two")
        publishing.delete_entry(session, owner, entry.public_id)
        assert find_past(connection, "/posts/one").is_gone
        assert find_past(connection, "/posts/two").is_gone
        publishing.restore_entry(session, owner, entry.public_id)
        assert queries.find_entry_page(connection, "/posts/two") is not None
        assert find_past(connection, "/posts/one").target == "/posts/two"
        assert events(session) == ["entry.deleted", "entry.restored"]

    def test_links_to_it_lead_to_it_again(self, session, owner):
        entry = make_entry(session, slug="one")
        linking = make_draft(session)
        write(session, owner, linking, source="[a](/posts/one)")
        publishing.delete_entry(session, owner, entry.public_id)
        newcomer = make_entry(session, slug="one")
        publishing.restore_entry(session, owner, entry.public_id)
        session.refresh(linking)
        assert newcomer.path == "/posts/one"
        assert entry.path == "/posts/one-2"
        assert 'href="/posts/one-2"' in linking.html

    def test_an_address_that_a_page_has_taken_is_left_to_it(self, session, owner, site):
        change_site(session, permalink_pattern="/{slug}")
        entry = make_entry(session, slug="about")
        publishing.delete_entry(session, owner, entry.public_id)
        make_page(session, slug="about")
        assert publishing.restore_entry(session, owner, entry.public_id).path == "/about-2"

    def test_what_became_due_meanwhile_does_not_appear_by_itself(self, session, owner):
        entry = make_entry(session, published_at=FAR_AWAY)
        publishing.delete_entry(session, owner, entry.public_id)
        session.execute(
            update(Entry).values(deleted_at=func.now() - timedelta(days=2), published_at=func.now() - timedelta(days=1))
        )
        assert publishing.restore_entry(session, owner, entry.public_id).state == "draft"

    def test_what_is_still_to_come_is_scheduled_again(self, session, owner):
        entry = make_entry(session, published_at=FAR_AWAY)
        publishing.delete_entry(session, owner, entry.public_id)
        publishing.restore_entry(session, owner, entry.public_id)
        assert session.scalars(select(Job.run_at).where(Job.kind == "blog.published")).one() == FAR_AWAY

    def test_only_what_was_deleted_can_be_restored(self, session, owner):
        with pytest.raises(ConflictError):
            publishing.restore_entry(session, owner, make_entry(session).public_id)

    def test_nothing_else_can_be_done_with_what_was_deleted(self, session, owner):
        entry = make_entry(session)
        publishing.delete_entry(session, owner, entry.public_id)
        with pytest.raises(DeletedEntryError):
            publishing.unpublish(session, owner, entry.public_id)


class TestPurge:
    def test_after_thirty_days_it_goes_for_good(self, session, owner, connection):
        old, recent = make_entry(session, slug="old"), make_entry(session, slug="recent")
        translation = make_entry(session)
        translation.translation_of_id = old.id
        for entry in (old, recent):
            publishing.delete_entry(session, owner, entry.public_id)
        session.execute(update(Entry).where(Entry.id == old.id).values(deleted_at=func.now() - timedelta(days=31)))
        assert publishing.purge_deleted(session) == 1
        assert set(session.scalars(select(Entry.id))) == {recent.id, translation.id}
        assert find_past(connection, "/posts/old").is_gone
