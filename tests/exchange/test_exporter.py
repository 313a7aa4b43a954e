import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from homeport.accounts.audit import Actor
from homeport.blog import taxonomy
from homeport.blog.actions import (
    change_site,
    delete_entry,
    publish_entry,
    rename_entry,
    unpublish_entry,
    update_entry,
)
from homeport.blog.inputs import input_of
from homeport.blog.models import Entry
from homeport.comments.moderation import answer_comment, block_writer, decide
from homeport.errors import ConflictError
from homeport.exchange.exporter import UnwritableError, export_folder
from homeport.exchange.importer import import_folder
from homeport.exchange.run import ImportOptions
from homeport.media.models import Media
from homeport.site.actions import add_redirect
from tests.exchange.snapshots import empty_the_site, snapshot
from tests.factories.blog import LONG_AGO, make_draft, make_entry, make_page
from tests.factories.comments import make_comment
from tests.factories.folders import png, write_folder
from tests.factories.members import make_member

IMPORTED = {
    "config.toml": "base_url = 'https://old.example'\n",
    "content/_index.md": "+++\ntitle = 'Blog'\ndescription = 'All'\n+++\n",
    "content/a.md": (
        "+++\npath='2020/01/02/a'\ntitle='A'\nauthors=['Ada']\naliases=['old.html']\n+++\n[b](@/b/index.md)\n"
    ),
    "content/b/index.md": "+++\r\npath='2020/01/03/b'\r\ntitle='B'\r\n+++\r\n![](pic.png) ![](/img/logo.png)\r\n",
    "content/b/pic.png": png(),
    "static/img/logo.png": png(shade=9),
    "content/d.md": "+++\ntitle='D'\ndraft=true\n+++\nNot yet. [a](a.md)",
}


@pytest.fixture
def out(tmp_path):
    return tmp_path / "export"


@pytest.fixture
def busy_site(session, own_database, folder):
    """A site with a past: imported, written here, renamed, merged, deleted."""
    write_folder(folder, IMPORTED)
    import_folder(own_database, folder, ImportOptions(processes=1))
    change_site(
        session, title="Harbour", permalink_pattern="/{year}/{slug}/", time_zone="Europe/Berlin", accent="#a03c28"
    )
    first = session.scalars(select(Entry).where(Entry.slug == "a")).one()
    here = make_entry(
        session,
        title='Here: "quoted" — ünï',
        source="---\nnot front matter\n\n[a](/2020/a/)\r\n",
        tags=("Code", "Sea"),
        series="Trip",
        series_position=1,
        authors=("Bob",),
        updated_at=datetime(2021, 1, 1, tzinfo=UTC),
    )
    here.translation_of_id = first.id
    here.cover_media_id = session.scalars(select(Media.id).order_by(Media.id)).first()
    here.cover_alt = "A picture"
    make_entry(session, kind="note", title=None, source="A note.", slug="note")
    make_draft(session, title="Idea", source="")
    make_page(session, title="About", source="Me.", slug="about", state="unlisted")
    update_entry(session, here, replace(input_of(session, here), source=here.source + "More.\n"), reason="edit")
    rename_entry(session, here, "renamed")
    taxonomy.merge_tags(session, "sea", "code")
    taxonomy.describe_tag(session, "code", title="C++", description="A language")
    delete_entry(session, make_entry(session, slug="mistake"))
    publish_entry(session, make_entry(session, slug="again"), datetime(2100, 1, 1, tzinfo=UTC))
    unpublish_entry(session, make_entry(session, slug="withdrawn"))
    delete_entry(session, make_entry(session, slug="given-up"))
    make_draft(session, slug="given-up", published_at=LONG_AGO)
    add_redirect(session, "/github", target="https://github.example/me")
    here.comments_open = False
    talk(session, here)
    session.commit()
    return session


def talk(session, entry):
    """A conversation with everything in it: an answer by the author, and one that waits, is spam, or was deleted."""
    member = make_member(session)
    top = make_comment(session, entry, state="held", writer_email="grace@example.org", text="So *true*.")
    answer_comment(session, top, "Thank you.", member=member, actor=Actor())
    spam = make_comment(session, entry, writer_url="https://casino.example", text="Casino!")
    block_writer(session, spam, Actor())
    make_comment(session, entry, state="held", parent_id=top.id, spam_score=0.25, held_because="every comment waits")
    decide(session, [make_comment(session, entry)], "deleted", Actor())


def pages(client, session) -> dict[str, str]:
    paths = session.scalars(select(Entry.path).where(Entry.path.is_not(None), Entry.deleted_at.is_(None))).all()
    fixed = [
        "/",
        "/tags",
        "/tags/code",
        "/series/trip",
        "/authors/bob",
        "/archive",
        "/feed.atom",
        "/feed.json",
        "/sitemap.xml",
    ]
    return {path: client.get(path).text for path in [*fixed, *paths]}


def in_any_order(rows):
    return sorted(map(str, rows)) if isinstance(rows, list) else rows


class TestRoundTrip:
    def test_an_empty_site_becomes_the_same_table_by_table_and_page_by_page(self, busy_site, own_database, out, client):
        before, seen = snapshot(busy_site), pages(client, busy_site)
        export_folder(own_database, out)
        empty_the_site(busy_site)
        report = import_folder(own_database, out, ImportOptions(processes=1))
        assert (report.dialect, report.skipped) == ("homeport", [])
        after = snapshot(busy_site)
        for name, rows in before.items():
            assert after[name] == rows, name
        for path, page in pages(client, busy_site).items():
            assert page.splitlines() == seen[path].splitlines(), path

    def test_the_export_of_what_was_imported_is_the_same(self, busy_site, own_database, out, tmp_path):
        export_folder(own_database, out)
        empty_the_site(busy_site)
        import_folder(own_database, out, ImportOptions(processes=1))
        export_folder(own_database, tmp_path / "again")
        first, again = (
            {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
            for folder in (out, tmp_path / "again")
        )
        assert first.keys() == again.keys()
        assert [name for name, data in first.items() if again[name] != data and name.name != "homeport.json"] == []
        parts = [json.loads(each[Path("homeport.json")]) for each in (first, again)]
        for name, rows in parts[0].items():
            assert in_any_order(parts[1][name]) == in_any_order(rows), name

    def test_nobody_else_on_the_machine_reads_who_has_commented(self, busy_site, own_database, out):
        export_folder(own_database, out)
        assert (out / "homeport.json").stat().st_mode & 0o077 == 0

    def test_a_second_import_changes_nothing(self, busy_site, own_database, out):
        export_folder(own_database, out)
        before = snapshot(busy_site)
        report = import_folder(own_database, out, ImportOptions(processes=1))
        assert (report.imported, report.updated, report.skipped) == (0, 0, [])
        assert report.unchanged == len(before["entries"])
        assert snapshot(busy_site) == before

    def test_the_folder_of_before_is_still_recognised(self, busy_site, own_database, out, folder):
        export_folder(own_database, out)
        empty_the_site(busy_site)
        import_folder(own_database, out, ImportOptions(processes=1))
        report = import_folder(own_database, folder, ImportOptions(processes=1))
        assert (report.imported, report.unchanged) == (0, 4)

    def test_exporting_twice_writes_the_same(self, busy_site, own_database, out):
        export_folder(own_database, out)
        first = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        export_folder(own_database, out, force=True)
        assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == first


class TestFiles:
    def test_what_was_imported_is_where_it_was_byte_for_byte(self, busy_site, own_database, out):
        export_folder(own_database, out)
        for path in ("a.md", "b/index.md", "d.md", "_index.md"):
            assert (out / path).read_bytes() == IMPORTED[f"content/{path}"].encode()

    def test_media_are_where_texts_look_for_them(self, busy_site, own_database, out):
        export_folder(own_database, out)
        assert (out / "b/pic.png").exists()
        assert (out / "img/logo.png").exists()

    def test_what_was_written_here_gets_front_matter_for_other_tools(self, busy_site, own_database, out):
        export_folder(own_database, out)
        written = (out / "posts/renamed.md").read_bytes()
        assert written.startswith("---\ntitle: 'Here: \"quoted\" — ünï'".encode())
        assert written.endswith(b"---\nnot front matter\n\n[a](/2020/a/)\r\nMore.\n")

    def test_other_tools_texts_come_back_from_the_files_alone(self, busy_site, own_database, out):
        export_folder(own_database, out)
        (out / "homeport.json").unlink()
        empty_the_site(busy_site)
        report = import_folder(own_database, out, ImportOptions(processes=1))
        assert report.skipped == []
        note = busy_site.scalars(select(Entry).where(Entry.kind == "note")).one()
        assert (note.title, note.source) == (None, "A note.")


class TestFolder:
    def test_a_folder_with_other_things_is_refused(self, own_database, out):
        write_folder(out, {"mine.txt": "x"})
        with pytest.raises(ConflictError, match="not empty"):
            export_folder(own_database, out, force=True)
        assert (out / "mine.txt").read_text() == "x"

    def test_an_earlier_export_is_replaced_only_by_force(self, session, own_database, out):
        entry = make_entry(session, slug="one")
        export_folder(own_database, out)
        rename_entry(session, entry, "two")
        (out / "mine.txt").write_text("stays")
        with pytest.raises(ConflictError, match="earlier export"):
            export_folder(own_database, out)
        export_folder(own_database, out, force=True)
        assert sorted(path.name for path in out.rglob("*.md")) == ["two.md"]
        assert (out / "mine.txt").read_text() == "stays"

    def test_a_link_in_the_folder_is_replaced_and_not_written_through(self, session, own_database, out, tmp_path):
        make_entry(session, slug="one")
        export_folder(own_database, out)
        (tmp_path / "victim").write_text("safe")
        (out / "posts/one.md").unlink()
        (out / "posts/one.md").symlink_to(tmp_path / "victim")
        export_folder(own_database, out, force=True)
        assert (tmp_path / "victim").read_text() == "safe"

    def test_two_imported_folders_do_not_mix(self, own_database, tmp_path, out):
        for name in ("one", "two"):
            write_folder(tmp_path / name, {"a.md": f"---\ndate: 2020-01-01\n---\n{name}"})
            import_folder(own_database, tmp_path / name, ImportOptions(processes=1))
        export_folder(own_database, out)
        assert (out / "one/a.md").read_text().endswith("one")
        assert (out / "two/a.md").read_text().endswith("two")

    def test_an_empty_site_can_be_exported_and_imported(self, session, own_database, out):
        assert export_folder(own_database, out).entries == 0
        assert json.loads((out / "homeport.json").read_text())["site"]["title"] == "My site"
        assert import_folder(own_database, out, ImportOptions(processes=1)).skipped == []


def test_a_folder_that_cannot_be_made_is_refused_in_a_sentence(own_database, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritableError, match="file/export cannot be written: Not a directory") as refused:
        export_folder(own_database, tmp_path / "file" / "export")
    assert refused.value.hint.startswith("Name a folder")
