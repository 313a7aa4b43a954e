from datetime import UTC, datetime

import pytest

from homeport.comments.models import Response
from homeport.ops.backup.catalogue import Archive
from homeport.ops.backup.shelf import Shelf
from tests.factories.blog import make_draft, make_entry
from tests.factories.members import sign_in


def test_an_empty_site_says_how_to_begin(client, session):
    sign_in(session, client)
    assert "Write the first post" in client.get("/studio").text


def test_only_who_runs_the_site_is_told_how_to_import(client, session):
    sign_in(session, client, "author")
    for path in ("/studio", "/studio/entries"):
        page = client.get(path).text
        assert "Nothing here yet" in page
        assert "homeport import" not in page


def test_what_is_refused_is_refused_in_a_whole_sentence(client, session):
    sign_in(session, client, "author", name="grace")
    assert "which grace has not.</p>" in client.get("/studio/settings").text


def test_the_dashboard_has_what_is_being_written_and_what_comes_next(client, session):
    sign_in(session, client)
    make_draft(session, title="Half written")
    make_entry(session, title="Soon", state="published", published_at=datetime(2999, 1, 1, tzinfo=UTC))
    entry = make_entry(session, title="Out", state="published", published_at=datetime(2020, 1, 1, tzinfo=UTC))
    session.add(Response(entry_id=entry.id, writer_name="Bo", text="hi", html="<p>hi</p>"))
    session.flush()
    page = client.get("/studio").text
    assert page.index("Half written") < page.index("Soon") < page.index("Out")
    assert "1 comment waits" in page


def test_what_waits_on_a_deleted_entry_waits_for_nobody(client, session):
    sign_in(session, client)
    for deleted_at in (None, datetime(2020, 1, 1, tzinfo=UTC)):
        entry = make_entry(session)
        entry.deleted_at = deleted_at
        session.add(Response(entry_id=entry.id, writer_name="Bo", text="hi", html="<p>hi</p>"))
    session.flush()
    assert "1 comment waits" in client.get("/studio").text


def test_an_author_sees_their_own_entries_only(client, session):
    sign_in(session, client, "author")
    make_draft(session, title="Somebody else's")
    assert "Somebody else" not in client.get("/studio").text


@pytest.mark.parametrize(("role", "is_told"), [("owner", True), ("author", False)])
def test_who_runs_the_site_is_told_when_a_backup_was_last_proven(client, session, settings, role, is_told):
    shelf = Shelf(settings.backup.folder)
    with shelf.held(), shelf.workshop() as workshop:
        (workshop / "archive").write_bytes(b"sealed")
        now = datetime.now(UTC)
        shelf.take_in(workshop / "archive", Archive(shelf.new_name(now), now, 6))
    sign_in(session, client, role)
    assert ("last proven restorable: never" in client.get("/studio").text) == is_told
