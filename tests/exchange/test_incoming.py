"""Text files that become entries, and change them."""

import pytest

from homeport.accounts.proofs import AuditEvent
from homeport.blog.drafts import draft_of, lock_draft
from homeport.blog.forms import FieldsError
from homeport.blog.models import Entry
from homeport.exchange.incoming import IncomingFile, PublicEntryError, carry_out, create_by_file, plan_change, text_of
from homeport.media.store import DatabaseMediaStore
from tests.factories.blog import make_draft, make_entry
from tests.factories.media import a_picture
from tests.factories.members import make_member


@pytest.fixture
def owner(session):
    return make_member(session, "owner")


def test_publishing_by_a_file_is_in_the_audit_log(session, owner):
    entry = create_by_file(session, owner, "one", IncomingFile(text="# One\n\nWords.\n"))
    session.flush()
    assert [event.action for event in session.query(AuditEvent)] == ["entry.published"]
    plan = plan_change(session, draft_of(session, entry), IncomingFile(text="# One\n\nOther words.\n"))
    carry_out(session, owner, lock_draft(session, owner, entry.public_id), plan)
    session.flush()
    assert [event.action for event in session.query(AuditEvent)] == ["entry.published", "entry.changed"]


def test_what_is_put_twice_is_the_same_whatever_the_text(session, owner):
    for number, text in enumerate(["x", "\ufeffx", "# A\r\n", "+++\ntitle = 'T'\n+++\nx", "a <b> `c`", "![](a.png)"]):
        entry = create_by_file(session, owner, f"entry-{number}", IncomingFile(text=text))
        assert text_of(draft_of(session, entry)).endswith(entry.source)
        assert plan_change(session, draft_of(session, entry), IncomingFile(text=text)).is_nothing, text


def test_a_text_as_long_as_a_library_is_refused(session, owner):
    with pytest.raises(FieldsError):
        create_by_file(session, owner, "long", IncomingFile(text="x" * 2_000_001))
    assert session.query(Entry).count() == 0


def test_a_draft_may_stay_one_and_readers_lose_nothing(session, owner):
    draft, public = make_draft(session), make_entry(session)
    file = IncomingFile(text="# Other\n", state="draft")
    for entry in (draft, public):
        locked = lock_draft(session, owner, entry.public_id)
        plan = plan_change(session, locked, file)
        if entry is public:
            with pytest.raises(PublicEntryError):
                carry_out(session, owner, locked, plan)
        else:
            carry_out(session, owner, locked, plan)
            assert (entry.state, entry.title) == ("draft", "Other")


def test_a_cover_is_found_by_its_address_here(session, owner):
    media = DatabaseMediaStore().put(session, a_picture(), "hill.png", max_bytes=10_000)
    text = f"---\ntitle: Up\ncover: {media.path}\n---\nx"
    assert create_by_file(session, owner, "up", IncomingFile(text=text)).cover_media_id == media.id
