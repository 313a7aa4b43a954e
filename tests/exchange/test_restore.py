import json
from pathlib import Path

import pytest
from sqlalchemy import select

from homeport.blog.actions import change_site, delete_entry
from homeport.blog.models import Entry, Tag
from homeport.blog.versions import EntryRevision
from homeport.errors import InvalidError
from homeport.exchange.dialects import Dialect
from homeport.exchange.exporter import export_folder
from homeport.exchange.importer import import_folder
from homeport.exchange.models import ImportedFile
from homeport.exchange.run import ImportOptions
from homeport.media.models import Media
from homeport.site.actions import site_of
from homeport.site.models import Redirect
from tests.exchange.snapshots import empty_the_site
from tests.factories.blog import make_entry
from tests.factories.folders import png, write_folder


@pytest.fixture
def out(session, own_database, bring_in, tmp_path) -> Path:
    """An export of one imported and one written entry; the site it came from is empty again."""
    change_site(session, title="Harbour")
    bring_in(
        {
            "a.md": "---\ntitle: A\ndate: 2020-01-02\ntags: [x]\n---\n[b](b.md) ![](p.png)\n",
            "b.md": "---\ntitle: B\ndate: 2020-01-03\naliases: [/old]\n---\nB\n",
            "p.png": png(),
        }
    )
    make_entry(session, slug="here", title="Here", source="Here.\n", tags=("x",), authors=("Ada",))
    session.commit()
    export_folder(own_database, tmp_path / "export")
    empty_the_site(session)
    return tmp_path / "export"


@pytest.fixture
def restore(own_database, out):
    """Import the export."""

    def run(**options):
        return import_folder(own_database, out, ImportOptions(processes=1, **options))

    return run


def change(out: Path, edit) -> None:
    manifest = json.loads((out / "homeport.json").read_text())
    edit(manifest)
    (out / "homeport.json").write_text(json.dumps(manifest))


def entry_in(manifest, file: str) -> dict:
    return next(entry for entry in manifest["entries"] if entry["file"] == file)


class TestEditedFolders:
    def test_an_edited_text_keeps_all_else(self, restore, out, entry_of):
        (out / "posts/here.md").write_text(
            (out / "posts/here.md").read_text().replace("Here.\n", "There. [b](../b.md)\n")
        )
        report = restore()
        entry = entry_of("here")
        assert (report.imported, entry.title, entry.front_matter) == (3, "Here", "")
        assert entry.source == "There. [b](../b.md)\n"
        assert 'href="/posts/b"' in entry.html

    def test_an_edited_front_matter_describes_the_entry(self, restore, out, entry_of):
        text = (out / "a.md").read_text().replace("title: A", "title: Better\nsubtitle: Sub")
        (out / "a.md").write_text(text)
        restore()
        entry = entry_of("a")
        assert (entry.title, entry.subtitle) == ("Better", "Sub")
        assert entry.front_matter + entry.source == text

    def test_an_edit_reaches_a_site_that_has_the_entry(self, restore, out, entry_of, session):
        restore()
        entry_of("here").subtitle = "Said here"
        session.commit()
        (out / "posts/here.md").write_text((out / "posts/here.md").read_text().replace("Here.\n", "There.\n"))
        report = restore()
        assert (report.updated, report.unchanged) == (1, 2)
        assert (entry_of("here").source, entry_of("here").subtitle) == ("There.\n", "Said here")
        assert session.scalars(select(EntryRevision.source)).all() == ["Here.\n"]
        assert restore().unchanged == 3

    def test_what_was_edited_on_the_site_is_left_alone(self, restore, out, entry_of, session):
        restore()
        entry_of("here").source = "Edited here.\n"
        session.commit()
        assert [each.reason for each in restore().skipped] == ["edited here"]
        assert restore(overwrite=True).updated == 1
        assert entry_of("here").source == "Here.\n"

    def test_what_was_deleted_on_the_site_stays_deleted(self, restore, entry_of, session):
        restore()
        delete_entry(session, entry_of("here"))
        session.commit()
        for report in (restore(), restore(overwrite=True)):
            assert [each.reason for each in report.skipped] == ["deleted here; --restore-deleted brings it back"]

    def test_what_was_deleted_on_the_site_is_brought_back_when_asked_for(self, restore, entry_of, session):
        restore()
        entry = entry_of("here")
        delete_entry(session, entry)
        session.commit()
        report = restore(restore_deleted=True)
        session.refresh(entry)
        assert (report.updated, report.skipped, entry.deleted_at) == (1, [], None)

    def test_a_missing_file_and_a_new_one_are_reported(self, restore, out):
        (out / "b.md").unlink()
        (out / "new.md").write_text("New")
        report = restore()
        assert report.imported == 2
        assert {each.file for each in report.skipped} == {"b.md", "new.md"}


class TestOtherSites:
    def test_a_site_that_has_entries_keeps_its_settings(self, restore, session):
        make_entry(session, slug="mine")
        session.commit()
        assert restore().imported == 3
        assert site_of(session).title == "My site"

    def test_a_taken_slug_gets_a_number(self, restore, session, entry_of):
        make_entry(session, slug="a", title="Mine")
        session.commit()
        restore()
        assert (entry_of("a").title, entry_of("a-2").title) == ("Mine", "A")
        assert f'href="{entry_of("b").path}"' in entry_of("a-2").html

    def test_a_dry_run_writes_nothing(self, restore, session):
        assert restore(dry_run=True).imported == 3
        for model in (Entry, Media, Tag, ImportedFile):
            assert session.scalars(select(model)).all() == []
        assert site_of(session).title == "My site"

    def test_the_texts_can_be_taken_without_the_manifest(self, restore, session):
        assert restore(dialect=Dialect.PLAIN).imported == 3


class TestHostileManifests:
    @pytest.mark.parametrize(
        "content", ["", "[]", "{}", "{", '{"homeport_export": 99}', '{"homeport_export": 1}', "[" * 100_000]
    )
    def test_one_that_cannot_be_read_is_refused(self, restore, out, content):
        (out / "homeport.json").write_text(content)
        with pytest.raises(InvalidError, match=r"homeport\.json"):
            restore()

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("public_id", "no uuid"),
            ("kind", "virus"),
            ("state", 1),
            ("published_at", "99999-01-01"),
            ("published_at", "2020-01-01"),
            ("created_at", None),
            ("title", "a\x00b"),
            ("title", "\ud800"),
            ("tags", "x"),
            ("series_position", 10**12),
            ("references", [1]),
            ("revisions", [{}]),
            ("front_matter", None),
            ("file", "../../etc/passwd"),
            ("file", "/etc/passwd"),
            ("slug", "../../etc"),
            ("imported_as", ["one"]),
        ],
    )
    def test_an_entry_described_wrongly_is_skipped_alone(self, restore, out, key, value):
        change(out, lambda manifest: entry_in(manifest, "a.md").update({key: value}))
        report = restore()
        assert report.imported == 2
        assert len([each for each in report.skipped if "a.md" in each.file or "passwd" in each.file]) >= 1

    def test_media_redirects_and_names_described_wrongly_are_left_out(self, restore, out, session):
        def spoil(manifest):
            manifest["media"].append({"hash": "0" * 32, "name": "x.png", "files": ["../../etc/passwd"]})
            manifest["media"].append({"hash": 1, "files": "x"})
            manifest["redirects"] += [{"path": "//evil.example", "target": "/"}, {"path": "/x"}, {"path": 1}]
            manifest["tags"].append({"slug": "../x", "title": "X", "description": ""})
            manifest["gone"].append("no path")

        change(out, spoil)
        report = restore()
        assert report.imported == 3
        assert len(report.warnings) == 7
        assert session.scalars(select(Redirect.path)).all() == ["/old"]

    def test_settings_that_cannot_be_are_refused_before_anything_is_written(self, restore, out, session):
        change(out, lambda manifest: manifest["site"].update(time_zone="Mars/Olympus"))
        with pytest.raises(InvalidError, match="time_zone"):
            restore()
        assert session.scalars(select(Entry)).all() == []

    def test_a_picture_that_was_exchanged_is_taken_as_it_is_now(self, restore, out, entry_of, session):
        write_folder(out, {"p.png": png(9, 9)})
        restore()
        assert session.scalars(select(Media)).one().path in entry_of("a").html
