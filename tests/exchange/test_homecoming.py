import pytest
from sqlalchemy import func, select

from homeport.blog import publishing
from homeport.blog.actions import delete_entry
from homeport.blog.models import Entry
from tests.factories.members import make_member

TEXT = "---\ntitle: A\ndate: 2020-01-02\n---\nText\n"


def test_a_file_that_was_moved_keeps_its_entry(bring_in, folder, session):
    bring_in({"a.md": TEXT, "b.md": TEXT.replace("A", "B")})
    (folder / "new").mkdir()
    (folder / "a.md").rename(folder / "new/other.md")
    for _ in range(2):
        report = bring_in()
        assert (report.imported, report.unchanged, report.warnings) == (0, 2, [])
    assert session.scalar(select(func.count()).select_from(Entry)) == 2
    assert bring_in({"new/other.md": TEXT + "More\n"}).updated == 1


def test_a_copy_beside_the_original_is_a_text_of_its_own(bring_in):
    bring_in({"a.md": TEXT})
    assert bring_in({"b.md": TEXT}).imported == 1


@pytest.mark.parametrize("added", ["", "More\n"])
def test_what_was_deleted_here_is_brought_back_when_asked_for(bring_in, entry_of, session, client, added):
    bring_in({"a.md": TEXT, "b.md": TEXT.replace("Text", "[a](a.md)")})
    delete_entry(session, entry_of("a"))
    session.commit()
    assert client.get("/posts/a").status_code == 410
    report = bring_in({"a.md": TEXT + added}, restore_deleted=True)
    assert (report.updated, report.skipped) == (1, [])
    assert client.get("/posts/a").status_code == 200
    assert 'href="/posts/a"' in entry_of("b").html


def test_what_comes_back_finds_its_address_taken_and_gets_another(bring_in, entry_of, session):
    bring_in({"a.md": TEXT})
    entry = entry_of("a")
    delete_entry(session, entry)
    session.commit()
    bring_in({"x/a.md": TEXT.replace("Text", "Other")})
    bring_in({}, restore_deleted=True)
    session.refresh(entry)
    assert (entry.slug, entry.path, entry.deleted_at) == ("a-2", "/posts/a-2", None)


def test_what_was_edited_before_it_was_deleted_comes_back_as_its_file_says(bring_in, entry_of, session):
    bring_in({"a.md": TEXT})
    entry = entry_of("a")
    entry.source = "Edited here\n"
    delete_entry(session, entry)
    session.commit()
    assert bring_in({}, restore_deleted=True).updated == 1
    session.refresh(entry)
    assert (entry.deleted_at, entry.source) == (None, "Text\n")


def test_a_draft_that_was_deleted_comes_back_as_a_draft(bring_in, entry_of, session):
    member = make_member(session, "owner")
    bring_in({"a.md": TEXT})
    entry = entry_of("a")
    publishing.unpublish(session, member, entry.public_id)
    publishing.delete_entry(session, member, entry.public_id)
    session.commit()
    bring_in({}, restore_deleted=True)
    session.refresh(entry)
    assert (entry.deleted_at, entry.state) == (None, "draft")
