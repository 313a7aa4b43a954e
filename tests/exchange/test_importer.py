import os
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from homeport.blog import publishing
from homeport.blog.actions import delete_entry
from homeport.blog.models import Entry, Reference
from homeport.blog.versions import EntryRevision
from homeport.errors import ConflictError, InvalidError
from homeport.exchange.importer import import_folder, label_of
from homeport.exchange.models import ImportedFile
from homeport.exchange.queries import LOCK_KEY
from homeport.exchange.readers import MAX_FILE_BYTES
from homeport.exchange.run import ImportOptions
from homeport.media.models import Media
from homeport.site.models import Redirect
from tests.factories.blog import make_entry
from tests.factories.folders import png, write_folder
from tests.factories.members import make_member

ZOLA = {
    "config.toml": 'base_url = "https://old.example"\n',
    "content/_index.md": "+++\ntitle = 'Blog'\ndescription = 'All'\n+++\n",
    "content/first.md": "+++\npath = '2020/01/02/first'\ntitle = 'First'\n+++\nSee [second](@/second/index.md#more).\n",
    "content/second/index.md": (
        "+++\npath = '2020/03/04/second'\ntitle = 'Second'\naliases = ['2020/03/04/Second.html']\n+++\n"
        "![Pic](pic.png) and [first](/2020/01/02/first/) and [gone](gone.md)\n"
    ),
    "content/second/pic.png": png(),
}


def plain(title: str, body: str = "Text", **data: str) -> str:
    lines = [f"{key}: {value}\n" for key, value in {"title": title, "date": "2020-01-02", **data}.items()]
    return f"---\n{''.join(lines)}---\n{body}\n"


def count(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model))


class TestFirstImport:
    def test_everything_goes_in_and_what_is_broken_is_reported(self, bring_in):
        report = bring_in(ZOLA)
        assert (report.dialect, report.imported, report.skipped) == ("zola", 3, [])
        assert [(each.file, each.line) for each in report.warnings] == [("content/second/index.md", 6)]
        assert "gone.md" in report.warnings[0].reason

    def test_the_text_is_kept_byte_for_byte(self, bring_in, entry_of):
        content = "---\r\ntitle: A\r\nodd_key: [1]\r\ndate: 2020-01-02\r\n---\r\n\r\nOne  \r\n\ttwo\r\n"
        bring_in({"a.md": content})
        assert entry_of("a").front_matter + entry_of("a").source == content

    def test_links_between_texts_and_images_lead_to_their_new_places(self, bring_in, entry_of, session):
        bring_in(ZOLA)
        picture = session.scalars(select(Media)).one()
        second = entry_of("second")
        assert 'href="/posts/second#more"' in entry_of("first").html
        assert 'href="/posts/first"' in second.html
        assert f'src="{picture.path}"' in second.html
        assert 'width="3"' in second.html
        assert "](pic.png)" in second.source

    def test_the_reference_table_knows_what_links_lead_to_even_what_came_later(self, bring_in, entry_of, session):
        bring_in(ZOLA)
        first, second = entry_of("first"), entry_of("second")
        rows = session.scalars(select(Reference).order_by(Reference.target))
        ends = {row.target: (row.to_entry_id, row.to_media_id is not None) for row in rows}
        assert ends == {
            "/2020/01/02/first/": (first.id, False),
            "@/second/index.md#more": (second.id, False),
            "gone.md": (None, False),
            "pic.png": (None, True),
        }

    def test_old_addresses_lead_on(self, bring_in, entry_of, client):
        bring_in(ZOLA)
        for path in ("/2020/03/04/second", "/2020/03/04/second/", "/2020/03/04/Second.html"):
            answer = client.get(path)
            assert (answer.status_code, answer.location) == (301, "/posts/second")

    def test_an_address_that_stays_needs_no_redirect(self, bring_in, site, session, entry_of):
        site.permalink_pattern = "/{year}/{month}/{day}/{slug}/"
        session.flush()
        bring_in(ZOLA)
        assert entry_of("second").path == "/2020/03/04/second/"
        to_entries = select(Redirect.path).where(Redirect.entry_id.is_not(None))
        assert list(session.scalars(to_entries)) == ["/2020/03/04/Second.html"]

    def test_drafts_stay_drafts_and_scheduled_posts_wait(self, bring_in, entry_of):
        bring_in({"d.md": plain("D", draft="true"), "f.md": plain("F", date="2999-01-01")})
        assert entry_of("d").state == "draft"
        assert (entry_of("f").state, entry_of("f").published_at.year) == ("published", 2999)

    def test_a_file_can_close_its_comments_but_need_not_open_them(self, bring_in, entry_of):
        bring_in({"c.md": plain("C", comments="false"), "o.md": plain("O", comments="true"), "s.md": plain("S")})
        assert [entry_of(slug).comments_open for slug in "cos"] == [False, None, None]

    def test_a_plain_file_is_dated_by_the_folder(self, bring_in, folder, entry_of):
        (folder / "note.md").write_text("# Hi\n")
        os.utime(folder / "note.md", (1_000_000_000, 1_000_000_000))
        bring_in()
        assert entry_of("note").published_at == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)

    def test_names_are_made_once_and_shared(self, bring_in, entry_of, session):
        given = {"tags": "[Big Sea, sun]", "authors": "[Ada]", "series": "Trip", "series_index": "1"}
        bring_in({"a.md": plain("A", **given), "b.md": plain("B", **given)})
        rows = session.execute(select(Entry.series_id, Entry.series_position).distinct()).all()
        assert len(rows) == 1
        assert rows[0].series_position == 1

    def test_the_same_slug_twice_gets_a_number_and_the_older_keeps_it(self, bring_in, entry_of):
        bring_in({"x/news.md": plain("New", date="2021-01-01"), "y/news.md": plain("Old", date="2020-01-01")})
        assert (entry_of("news").title, entry_of("news-2").title) == ("Old", "New")

    def test_a_cover_becomes_a_medium(self, bring_in, entry_of, session):
        bring_in({"a/index.md": plain("A", cover="c.png", cover_alt="Sea"), "a/c.png": png()})
        assert entry_of("a").cover_media_id == session.scalars(select(Media.id)).one()
        assert entry_of("a").cover_alt == "Sea"

    def test_a_picture_that_is_here_under_another_name_is_shown_by_that(self, bring_in, entry_of, session):
        bring_in({"a.md": plain("A", "![](one.png)"), "one.png": png()})
        bring_in({"b.md": plain("B", "![](two.png)"), "two.png": png()})
        picture = session.scalars(select(Media)).one()
        assert picture.name == "one.png"
        assert picture.path in entry_of("b").html

    def test_what_a_site_has_already_can_be_linked_to(self, bring_in, session, entry_of):
        here = make_entry(session, slug="here")
        bring_in({"a.md": plain("A", "[x](/posts/here)")})
        row = session.scalars(select(Reference)).one()
        assert row.to_entry_id == here.id

    def test_dropped_html_is_reported_at_its_line_in_the_file(self, bring_in):
        report = bring_in({"a.md": plain("A", "Text\n\n<script>alert(1)</script>")})
        assert [(each.line, "script" in each.reason) for each in report.warnings] == [(7, True)]

    def test_a_folder_without_texts_is_an_error(self, bring_in):
        with pytest.raises(InvalidError, match="no Markdown"):
            bring_in({"a.txt": ""})

    def test_two_imports_do_not_run_at_once(self, bring_in, database):
        with database.engine.connect() as other:
            other.exec_driver_sql(f"select pg_advisory_lock({LOCK_KEY})")
            with pytest.raises(ConflictError, match="another import"):
                bring_in({"a.md": plain("A")})
            other.exec_driver_sql(f"select pg_advisory_unlock({LOCK_KEY})")


class TestClaims:
    def test_the_first_to_claim_an_old_address_has_it(self, bring_in, client):
        report = bring_in(
            {
                "a.md": plain("A", aliases="[/old]"),
                "b.md": plain("B", aliases="[/old, /posts/a, /tags/x]", date="2021-01-01"),
            }
        )
        assert client.get("/old").location == "/posts/a"
        assert {each.reason.partition(":")[0] for each in report.warnings} == {
            "no redirect from /old",
            "no redirect from /posts/a",
            "no redirect from /tags/x",
        }

    def test_an_entry_wins_over_a_redirect_of_before(self, bring_in, session, client):
        bring_in({"a.md": plain("A", aliases="[/posts/b]")})
        bring_in({"b.md": plain("B")})
        assert client.get("/posts/b").status_code == 200


class TestHostileFiles:
    def test_each_is_refused_alone(self, bring_in, folder, tmp_path):
        (tmp_path / "secret.png").write_bytes(png())
        (folder / "leak.png").symlink_to(tmp_path / "secret.png")
        os.mkfifo(folder / "pipe.md")
        report = bring_in(
            {
                "good.md": plain("Good", "![a](leak.png) ![b](../secret.png)"),
                "utf16.md": "text".encode("utf-16"),
                "latin.md": "é".encode("latin-1"),
                "zero.md": b"a\x00b",
                "year0.md": "---\ndate: 0000-01-01\n---\n",
                "large.md": b"x" * (MAX_FILE_BYTES + 1),
                "object.md": "---\na: !!python/object/apply:os.getcwd []\n---\n",
                "folder.md/inside.md": plain("Inside"),
            }
        )
        assert report.imported == 2
        assert {each.file for each in report.skipped} == {
            *("pipe.md", "leak.png", "utf16.md", "latin.md", "zero.md", "year0.md", "large.md", "object.md"),
        }
        assert all(each.reason for each in report.skipped)
        assert len(report.warnings) == 2

    def test_a_picture_that_cannot_be_taken_is_said_and_the_text_goes_in(self, bring_in):
        report = bring_in({"a.md": plain("A", "![x](x.png)"), "x.png": b"\x00\x01\x02 no picture"})
        assert report.imported == 1
        assert [(each.line, "x.png is not taken" in each.reason) for each in report.warnings] == [(5, True)]

    def test_a_target_longer_than_an_index_takes_does_no_harm(self, bring_in, entry_of):
        address = "https://a.example/?" + "".join(chr(97 + (n * n + n // 7) % 26) for n in range(9000))
        assert bring_in({"a.md": plain("A", f"[x]({address})")}).imported == 1
        assert address in entry_of("a").html


class TestSecondImport:
    def test_it_changes_nothing(self, bring_in, session):
        bring_in(ZOLA)
        before = session.execute(select(Entry.id, Entry.modified_at, Entry.html).order_by(Entry.id)).all()
        report = bring_in()
        assert (report.imported, report.updated, report.unchanged, report.skipped) == (0, 0, 3, [])
        assert session.execute(select(Entry.id, Entry.modified_at, Entry.html).order_by(Entry.id)).all() == before

    def test_it_does_not_matter_whether_the_site_or_its_content_folder_is_given(self, own_database, folder, bring_in):
        bring_in(ZOLA)
        (folder / "config.toml").unlink()
        assert label_of(folder / "content") == label_of(folder)

    def test_a_renamed_folder_is_recognised_by_its_files(self, bring_in):
        bring_in(ZOLA)
        report = bring_in(label="another name")
        assert (report.imported, report.unchanged) == (0, 3)

    def test_a_changed_file_updates_its_entry_and_keeps_a_revision(self, bring_in, entry_of, session):
        bring_in({"a.md": plain("A", "Old")})
        report = bring_in({"a.md": plain("Better", "New [b](b.md)"), "b.md": plain("B")})
        assert (report.imported, report.updated, report.unchanged) == (1, 1, 0)
        entry = entry_of("a")
        assert (entry.title, entry.source) == ("Better", "New [b](b.md)\n")
        assert 'href="/posts/b"' in entry.html
        assert [row.source for row in session.scalars(select(EntryRevision))] == ["Old\n"]
        assert bring_in().unchanged == 2

    def test_what_was_decided_here_and_the_file_never_changed_stays(self, bring_in, entry_of, session):
        bring_in({"a.md": plain("A", "Old", draft="true", tags="[x]")})
        entry_of("a").state = "published"
        entry_of("a").subtitle = "Said here"
        session.flush()
        bring_in({"a.md": plain("A", "New", draft="true", tags="[x, y]")})
        entry = entry_of("a")
        assert (entry.state, entry.subtitle, entry.source) == ("published", "Said here", "New\n")

    def test_a_changed_slug_moves_the_entry_and_its_old_address_leads_on(self, bring_in, client):
        bring_in({"a.md": plain("A")})
        bring_in({"a.md": plain("A", slug="b")})
        assert client.get("/posts/a").location == "/posts/b"

    def test_what_was_edited_here_is_left_alone(self, bring_in, entry_of, session):
        bring_in({"a.md": plain("A", "Old")})
        entry_of("a").source = "Edited here\n"
        session.flush()
        report = bring_in({"a.md": plain("A", "New")})
        assert [(each.file, each.reason) for each in report.skipped] == [("a.md", "edited here")]
        assert entry_of("a").source == "Edited here\n"

    def test_overwrite_replaces_it_and_makes_a_revision(self, bring_in, entry_of, session):
        bring_in({"a.md": plain("A", "Old")})
        entry_of("a").source = "Edited here\n"
        session.flush()
        assert bring_in({"a.md": plain("A", "New")}, overwrite=True).updated == 1
        assert entry_of("a").source == "New\n"
        assert [row.source for row in session.scalars(select(EntryRevision))] == ["Edited here\n"]

    def test_a_file_that_has_vanished_is_reported_and_its_entry_stays(self, bring_in, folder, entry_of):
        bring_in({"a.md": plain("A"), "b.md": plain("B")})
        (folder / "b.md").unlink()
        report = bring_in()
        assert [(each.file, "no longer" in each.reason) for each in report.warnings] == [("b.md", True)]
        assert entry_of("b").state == "published"

    def test_what_was_deleted_here_does_not_come_back(self, bring_in, entry_of, session):
        bring_in({"a.md": plain("A")})
        delete_entry(session, entry_of("a"))
        session.commit()
        changed = {"a.md": plain("A", "New")}
        for report in (bring_in(), bring_in(changed), bring_in(overwrite=True)):
            assert [each.reason for each in report.skipped] == ["deleted here; --restore-deleted brings it back"]
            assert (report.updated, report.unchanged) == (0, 0)

    def test_what_was_made_a_draft_here_stays_one(self, bring_in, entry_of, session):
        bring_in({"a.md": plain("A", "Old", draft="false")})
        publishing.unpublish(session, make_member(session, "owner"), entry_of("a").public_id)
        session.commit()
        report = bring_in({"a.md": plain("A", "New", draft="false")}, overwrite=True)
        assert (entry_of("a").state, entry_of("a").source) == ("draft", "New\n")
        assert [each.reason for each in report.warnings] == [
            "stays a draft, as it is here; `homeport publish a` shows it"
        ]

    def test_a_picture_that_comes_later_is_shown_in_the_unchanged_text(self, bring_in, entry_of):
        bring_in({"a.md": plain("A", "![](late.png) [b](b.md)")})
        assert bring_in({"late.png": png(), "b.md": plain("B")}).unchanged == 1
        assert "/media/" in entry_of("a").html
        assert 'href="/posts/b"' in entry_of("a").html


class TestReport:
    def test_texts_in_other_markups_are_listed(self, bring_in):
        html = "---\ntitle: A\n---\n<p>x"
        files = {"a.html": html, "b.html": "<p>no text", "c.rst": "x", "d.adoc": "x", "e.md": plain("E")}
        report = bring_in({"hugo.toml": "", **{f"content/{name}": content for name, content in files.items()}})
        assert {each.file for each in report.skipped} == {"content/a.html", "content/c.rst", "content/d.adoc"}
        assert report.imported == 1

    def test_another_slug_than_wished_is_said(self, bring_in):
        report = bring_in({"x/a.md": plain("A"), "y/a.md": plain("B"), "tags.md": plain("T", type="page")})
        reasons = {each.file: each.reason for each in report.warnings}
        assert reasons.keys() == {"y/a.md", "tags.md"}
        assert reasons["y/a.md"].endswith("/posts/a-2")
        assert reasons["tags.md"].endswith("/tags-2")

    def test_no_sentence_grows_with_what_a_file_says(self, bring_in):
        report = bring_in({"a.md": plain("A", f"[x]({'y' * 5000}.md)")})
        assert all(len(each.reason) <= 200 and "leads to nothing" in each.reason for each in report.warnings)
        assert report.warnings


class TestDryRun:
    def test_it_reports_the_same_and_writes_nothing(self, bring_in, session):
        dry = bring_in(ZOLA, dry_run=True)
        assert [count(session, model) for model in (Entry, Media, Redirect, ImportedFile)] == [0, 0, 0, 0]
        wet = bring_in()
        assert (dry.imported, dry.warnings, dry.skipped) == (wet.imported, wet.warnings, wet.skipped)
        assert dry.as_json()["dry_run"] is True


def test_many_texts_are_rendered_in_processes_of_their_own(folder, own_database, session):
    texts = {
        f"{number:02}.md": plain(f"Post {number}", f"![]({number % 3}.png) [next]({number + 1:02}.md)")
        for number in range(30)
    }
    write_folder(folder, texts | {f"{shade}.png": png(shade=shade) for shade in range(3)})
    seen: list[tuple[int, int]] = []
    report = import_folder(own_database, folder, ImportOptions(processes=2), progress=lambda *at: seen.append(at))
    assert report.imported == 30
    assert seen[-1] == (30, 30)
    assert count(session, Media) == 3
    assert session.scalar(select(func.count()).where(Reference.to_entry_id.is_not(None))) == 29
