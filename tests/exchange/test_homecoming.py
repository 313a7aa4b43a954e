import pytest
from sqlalchemy import func, select

from homeport.blog.actions import delete_entry
from homeport.blog.models import Entry

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
def test_overwrite_brings_back_what_was_deleted_here(bring_in, entry_of, session, client, added):
    bring_in({"a.md": TEXT, "b.md": TEXT.replace("Text", "[a](a.md)")})
    delete_entry(session, entry_of("a"))
    session.commit()
    assert client.get("/posts/a").status_code == 410
    report = bring_in({"a.md": TEXT + added}, overwrite=True)
    assert (report.updated, report.skipped) == (1, [])
    assert client.get("/posts/a").status_code == 200
    assert 'href="/posts/a"' in entry_of("b").html


def test_what_comes_back_finds_its_address_taken_and_gets_another(bring_in, entry_of, session):
    bring_in({"a.md": TEXT})
    entry = entry_of("a")
    delete_entry(session, entry)
    session.commit()
    bring_in({"x/a.md": TEXT.replace("Text", "Other")})
    bring_in({}, overwrite=True)
    session.refresh(entry)
    assert (entry.slug, entry.path, entry.deleted_at) == ("a-2", "/posts/a-2", None)
