from sqlalchemy import select

from homeport.accounts.audit import COMMAND_LINE
from homeport.accounts.proofs import AuditEvent
from homeport.blog.noting import note_entry, note_state
from tests.factories.blog import make_draft, make_entry


def actions(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


def test_it_tells_of_which_entry_and_where(session):
    entry = make_entry(session, title="Harbour")
    note_entry(session, COMMAND_LINE, entry, "entry.deleted", why="old")
    event = session.scalars(select(AuditEvent)).one()
    assert (event.account_name, event.action, event.subject) == ("command line", "entry.deleted", "Harbour")
    assert event.details == {"entry": str(entry.public_id), "path": "/posts/harbour", "why": "old"}


def test_only_a_change_of_what_readers_see_is_told(session):
    public, draft = make_entry(session), make_draft(session)
    note_state(session, COMMAND_LINE, draft)
    note_state(session, COMMAND_LINE, public, "published")
    assert actions(session) == []
    note_state(session, COMMAND_LINE, public)
    note_state(session, COMMAND_LINE, draft, "published")
    public.state = "unlisted"
    note_state(session, COMMAND_LINE, public, "published")
    assert actions(session) == ["entry.published", "entry.unpublished", "entry.unlisted"]
