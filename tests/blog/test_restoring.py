import pytest
from sqlalchemy import select

from homeport.blog.drafts import lock_draft, open_draft
from homeport.blog.restoring import find_revision, list_revisions, restore_revision
from homeport.blog.versions import EntryRevision
from homeport.blog.writing import save_entry
from homeport.errors import NotFoundError
from tests.factories.blog import make_draft, make_entry
from tests.factories.members import make_member


@pytest.fixture
def owner(session):
    return make_member(session, "owner")


def restored(session, member, entry, number):
    restore_revision(session, member, lock_draft(session, member, entry.public_id), number)
    return open_draft(session, member, entry.public_id).fields


def test_revisions_are_listed_with_who_and_when_the_newest_first(session, owner):
    entry = make_draft(session, title="Old", source="old")
    save_entry(session, owner, entry.public_id, {"source": "new"}, version=1)
    (card,) = list_revisions(session, entry.id)
    assert (card.number, card.title, card.length, card.author) == (1, "Old", 3, owner.display_name)


def test_a_draft_goes_back_byte_for_byte_and_what_it_said_is_kept(session, owner):
    entry = make_draft(session, title="Old", source="old\r\n")
    save_entry(session, owner, entry.public_id, {"title": "New", "source": "new\n"}, version=1)
    fields = restored(session, owner, entry, 1)
    assert (fields.title, fields.source, entry.source) == ("Old", "old\r\n", "old\r\n")
    texts = session.scalars(select(EntryRevision.source).order_by(EntryRevision.number)).all()
    assert texts == ["old\r\n", "new\r\n"]


def test_readers_see_nothing_of_it_before_it_is_published(session, owner):
    entry = make_entry(session, source="one")
    save_entry(session, owner, entry.public_id, {"source": "two"}, version=1)
    assert restored(session, owner, entry, 1).source == "one"
    assert entry.source == "one"


def test_the_version_counts_it_so_that_another_tab_notices(session, owner):
    entry = make_draft(session, source="old")
    save_entry(session, owner, entry.public_id, {"source": "new"}, version=1)
    restored(session, owner, entry, 1)
    assert entry.version == 3


def test_a_revision_of_another_entry_is_not_found_here(session, owner):
    entry, other = make_draft(session), make_draft(session)
    save_entry(session, owner, other.public_id, {"source": "new"}, version=1)
    with pytest.raises(NotFoundError):
        find_revision(session, entry.id, 1)
