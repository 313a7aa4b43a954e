from datetime import UTC, datetime

import pytest

from homeport.blog.drafts import lock_draft
from homeport.blog.publishing import publish, unpublish
from homeport.blog.writing import save_entry
from homeport.exchange.exporter import export_folder
from tests.factories.blog import make_draft, make_entry
from tests.factories.members import make_member

BLOCK = "---\r\ntitle: Old  # as it was\r\nodd: [1, 2]\r\ncategories: [a]\r\nautor: Ada\r\ndraft: true\r\n---\r\n"


@pytest.fixture
def owner(session):
    return make_member(session, "owner")


def saved(session, member, entry, **typed):
    save_entry(session, member, entry.public_id, typed, version=entry.version)
    return entry.front_matter


def test_what_it_does_not_state_leaves_it_byte_for_byte(session, owner):
    entry = make_draft(session, title="Old", front_matter=BLOCK, tags=("a",))
    assert saved(session, owner, entry, source="New text", subtitle="New", description="New", language="de") == BLOCK


def test_what_it_states_says_what_was_decided_here(session, owner):
    entry = make_draft(session, title="Old", front_matter=BLOCK, tags=("a",))
    changed = BLOCK.replace("title: Old  # as it was", "title: New")
    assert saved(session, owner, entry, title="New") == changed
    assert saved(session, owner, entry, tags="b, c") == changed.replace("categories: [a]", "categories:\r\n- b\r\n- c")


def test_closing_the_comments_is_stated_where_they_were_mentioned(session, owner):
    entry = make_draft(session, front_matter="---\ncomments: true\n---\n")
    assert saved(session, owner, entry, comments_open="no") == "---\ncomments: false\n---\n"


def test_what_readers_see_keeps_its_own_until_the_change_is_published(session, owner):
    block = "---\ntitle: Old\n---\n"
    entry = make_entry(session, title="Old", front_matter=block)
    assert saved(session, owner, entry, title="New") == block
    publish(session, owner, lock_draft(session, owner, entry.public_id))
    assert entry.front_matter == "---\ntitle: New\n---\n"


def test_publishing_and_taking_back_are_stated(session, owner):
    entry = make_draft(session, front_matter="---\ndate: 2019-01-01\ndraft: true\n---\n")
    at = datetime(2020, 5, 1, 10, 0, tzinfo=UTC)
    publish(session, owner, lock_draft(session, owner, entry.public_id), at=at)
    assert entry.front_matter == "---\ndate: 2020-05-01 10:00:00+00:00\ndraft: false\n---\n"
    unpublish(session, owner, entry.public_id)
    assert "draft: true" in entry.front_matter


def test_a_date_that_stays_is_written_as_it_was(session, owner):
    block = "---\ndate: 2020-01-15 12:00 +0000 # noon\n---\n"
    entry = make_entry(session, front_matter=block)
    saved(session, owner, entry, source="New text")
    publish(session, owner, lock_draft(session, owner, entry.public_id), at=entry.published_at)
    assert (entry.front_matter, entry.source) == (block, "New text")


def test_an_export_writes_what_was_decided_here(session, owner, own_database, tmp_path):
    entry = make_entry(session, title="Old", slug="one", front_matter="---\ntitle: Old\nodd: 1\n---\n", source="x\n")
    saved(session, owner, entry, title="New")
    publish(session, owner, lock_draft(session, owner, entry.public_id))
    make_entry(session, title="Written here", slug="two", source="y\n")
    export_folder(own_database, tmp_path / "out")
    assert (tmp_path / "out/posts/one.md").read_text() == "---\ntitle: New\nodd: 1\n---\nx\n"
    assert "title: Written here" in (tmp_path / "out/posts/two.md").read_text()
