from sqlalchemy import select

from homeport.exchange.importer import import_folder
from homeport.exchange.run import ImportOptions
from homeport.media.models import Media
from tests.factories.folders import png

TEXT = "---\ntitle: A\ndate: 2020-01-02\n---\n![x](pic.png)\n"
COVERED = "---\ntitle: A\ndate: 2020-01-02\ncover: pic.png\n---\nText\n"


def test_new_bytes_of_a_picture_are_shown_although_the_text_is_the_same(bring_in, entry_of, session):
    bring_in({"a/index.md": TEXT, "a/pic.png": png()})
    report = bring_in({"a/pic.png": png(shade=77)})
    assert (report.updated, report.unchanged) == (1, 0)
    newest = session.scalars(select(Media).order_by(Media.id.desc())).first()
    assert newest.path in entry_of("a").html
    assert bring_in().unchanged == 1


def test_a_text_that_was_edited_here_keeps_its_words(bring_in, entry_of, session):
    bring_in({"a/index.md": TEXT, "a/pic.png": png()})
    entry_of("a").source = "Edited here ![x](pic.png)\n"
    session.flush()
    bring_in({"a/pic.png": png(shade=77)})
    newest = session.scalars(select(Media).order_by(Media.id.desc())).first()
    assert entry_of("a").source == "Edited here ![x](pic.png)\n"
    assert newest.path in entry_of("a").html


def test_a_cover_follows_its_file_unless_another_was_chosen_here(bring_in, entry_of, session):
    bring_in({"a/index.md": COVERED, "a/pic.png": png(), "b.md": TEXT, "pic.png": png(shade=9)})
    before = entry_of("a").cover_media_id
    assert bring_in({"a/pic.png": png(shade=77)}).updated == 1
    changed = entry_of("a").cover_media_id
    assert changed != before
    session.get_one(Media, changed).name = "chosen-here.png"
    session.flush()
    assert bring_in({"a/pic.png": png(shade=78)}).updated == 0
    assert entry_of("a").cover_media_id == changed


def test_a_file_that_can_no_longer_be_taken_leaves_the_old_one(bring_in, entry_of):
    bring_in({"a/index.md": TEXT, "a/pic.png": png()})
    before = entry_of("a").html
    report = bring_in({"a/pic.png": b"\x00\x01 no picture"})
    assert (report.unchanged, "not taken" in report.warnings[0].reason) == (1, True)
    assert entry_of("a").html == before


def test_a_dry_run_says_so_and_changes_nothing(bring_in, folder, own_database, entry_of):
    bring_in({"a/index.md": TEXT, "a/pic.png": png()})
    before = entry_of("a").html
    (folder / "a/pic.png").write_bytes(png(shade=77))
    report = import_folder(own_database, folder, ImportOptions(processes=1, dry_run=True))
    assert (report.updated, report.unchanged) == (1, 0)
    assert entry_of("a").html == before
