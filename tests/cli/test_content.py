"""Writing, publishing and looking after posts on the command line."""

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from homeport.accounts.proofs import AuditEvent
from homeport.blog.actions import change_site, find_entry, rename_entry
from homeport.blog.taxonomy import rename_tag
from tests.cli.conftest import Run
from tests.factories.blog import make_draft, make_entry

FILE = """\
---
title: From the file
description: What it is about
tags: [Sky, Night]
author: Ada
mood: curious
---

Clear tonight.
"""


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file with the shell commands that edit `$1`; empty, the editor changes nothing."""
    script = tmp_path / "editor"
    script.write_text("")
    monkeypatch.setenv("EDITOR", f"sh {script}")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return script


class TestNew:
    def test_it_makes_a_draft_that_readers_do_not_see(self, run: Run, client: FlaskClient) -> None:
        ran = run("new", "First light")
        assert ran.out.startswith("Draft first-light (/posts/first-light)")
        assert client.get("/posts/first-light").status_code == 404

    def test_a_title_that_no_form_would_take_is_refused(self, run: Run) -> None:
        ran = run("new", "x" * 301)
        assert (ran.code, "301 characters; 300 are the most" in ran.err) == (2, True)

    def test_a_text_from_standard_input_can_be_published_at_once(self, run: Run, client: FlaskClient) -> None:
        run("new", "First light", "--file", "-", "--tag", "Sky", "--publish", given="Clear *tonight*.\n")
        assert "Clear <em>tonight</em>." in client.get("/posts/first-light").text
        assert client.get("/tags/sky").status_code == 200

    def test_a_file_keeps_every_byte_and_its_front_matter_counts(
        self, run: Run, session: Session, tmp_path: Path
    ) -> None:
        (tmp_path / "post.md").write_bytes(FILE.replace("\n", "\r\n").encode())
        run("new", "Given title", "--file", str(tmp_path / "post.md"))
        facts = json.loads(run("show", "given-title", "--json").out)
        assert (facts["title"], facts["description"], facts["tags"]) == (
            "Given title",
            "What it is about",
            ["sky", "night"],
        )
        assert facts["authors"] == [{"name": "Ada", "slug": "ada"}]
        entry = find_entry(session, "given-title")
        assert (entry.front_matter + entry.source).encode() == (tmp_path / "post.md").read_bytes()

    def test_a_page_lives_at_its_name(self, run: Run, client: FlaskClient) -> None:
        assert run("new", "About", "--page", "--publish").out == "about is published at /about\n"
        assert client.get("/about").status_code == 200

    def test_what_is_dropped_is_said(self, run: Run) -> None:
        assert "line 1: <script>" in run("new", "Bad", "--file", "-", given="<script>1</script>\n").err

    def test_a_taken_slug_is_a_conflict(self, run: Run) -> None:
        run("new", "First light")
        assert run("new", "First light").code == 5
        assert run("new", "First light", "--slug", "second-light").code == 0

    def test_a_file_that_cannot_be_read_is_refused_by_line(self, run: Run) -> None:
        ran = run("new", "Bad", "--file", "-", given="---\ntitle: [\n---\n")
        assert ran.code == 4
        assert "new.md:" in ran.err

    def test_the_editor_starts_with_front_matter_and_what_is_saved_is_made(
        self, run: Run, editor: Path, session: Session
    ) -> None:
        editor.write_text(
            """sed -i 's/^tags: .*/tags: [Sky]/; s/: "First light"/: "First night"/' $1; echo Dark. >> $1"""
        )
        assert run("new", "First light", "--edit").out.startswith("Draft first-night")
        entry = find_entry(session, "first-night")
        assert (entry.title, entry.source.strip()) == ("First night", "Dark.")
        assert json.loads(run("show", "first-night", "--json").out)["tags"] == ["sky"]

    def test_former_addresses_that_are_written_in_it_lead_to_what_is_made(
        self, run: Run, client: FlaskClient, editor: Path
    ) -> None:
        editor.write_text("sed -i 's#^tags: .*#aliases: [/old]#' \"$1\"")
        run("new", "Hill", "--edit")
        run("publish", "hill")
        assert client.get("/old").location.endswith("/posts/hill")

    def test_an_editor_left_without_saving_makes_nothing(self, run: Run, editor: Path) -> None:
        assert "nothing was made" in run("new", "First light", "--edit").out
        assert run("list").out == ""

    def test_what_was_written_is_kept_when_it_cannot_be_stored(self, run: Run, editor: Path) -> None:
        run("new", "First light")
        editor.write_text("echo Precious. >> $1")
        ran = run("new", "First light", "--edit")
        assert ran.code == 5
        kept = ran.err.split("Your text is kept in ")[1].splitlines()[0]
        assert "Precious." in Path(kept).read_text()


class TestEdit:
    def test_the_text_changes_and_the_rest_stays(self, run: Run, editor: Path, session: Session) -> None:
        run("new", "Given title", "--file", "-", given=FILE)
        editor.write_text("sed -i s/Clear/Cloudy/ $1")
        assert run("edit", "given-title").code == 0
        assert run("show", "given-title").out == FILE.replace("Clear", "Cloudy")
        facts = json.loads(run("show", "given-title", "--json").out)
        assert (facts["title"], facts["state"], facts["tags"]) == ("Given title", "draft", ["sky", "night"])

    def test_changed_front_matter_takes_effect_and_the_rest_of_it_does_not(
        self, run: Run, editor: Path, session: Session
    ) -> None:
        run("new", "Given title", "--file", "-", "--publish", given=FILE)
        rename_tag(session, "sky", "heaven")
        editor.write_text("sed -i 's/^description:.*/description: Changed/' $1")
        run("edit", "given-title")
        facts = json.loads(run("show", "given-title", "--json").out)
        assert (facts["description"], facts["state"]) == ("Changed", "published")
        assert facts["tags"] == ["heaven", "night"]

    def test_former_addresses_that_are_added_lead_to_it(self, run: Run, client: FlaskClient, editor: Path) -> None:
        run("new", "Hill", "--file", "-", "--publish", given="---\ntitle: Hill\naliases: [/first]\n---\nWords.\n")
        editor.write_text("sed -i 's#/first]#/first, /2019/hill.html, /posts/hill]#' \"$1\"")
        run("edit", "hill")
        for path in ("/first", "/2019/hill.html"):
            assert client.get(path).location.endswith("/posts/hill")
        assert client.get("/posts/hill").status_code == 200

    def test_a_former_address_where_something_lives_is_refused(
        self, run: Run, client: FlaskClient, editor: Path, session: Session
    ) -> None:
        make_entry(session, slug="other")
        run("new", "Hill", "--file", "-", "--publish", given="---\ntitle: Hill\n---\nWords.\n")
        editor.write_text("sed -i 's#^title: Hill#title: Hill\\naliases: [/posts/other]#' \"$1\"")
        ran = run("edit", "hill")
        assert ran.code != 0
        assert "an entry lives at /posts/other" in ran.err
        assert "Your text is kept in" in ran.err
        assert client.get("/posts/other").status_code == 200

    def test_a_heading_does_not_replace_a_title_that_was_given(self, run: Run, editor: Path) -> None:
        run("new", "Given title", "--file", "-", given="# Heading\n")
        editor.write_text("sed -i s/Heading/Changed/ $1")
        run("edit", "given-title")
        assert json.loads(run("show", "given-title", "--json").out)["title"] == "Given title"

    def test_nothing_changes_when_nothing_was_saved(self, run: Run, editor: Path, session: Session) -> None:
        make_entry(session, slug="one")
        assert run("edit", "one").out == "Nothing was changed.\n"

    def test_a_change_made_meanwhile_is_never_overwritten(
        self, run: Run, editor: Path, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entry = make_entry(session, slug="one", source="Mine.\n")

        def somebody_else_is_faster(filename: str) -> None:
            Path(filename).write_text("Yours.\n")
            entry.source = "Theirs.\n"
            session.flush()

        monkeypatch.setattr("click.edit", somebody_else_is_faster)
        ran = run("edit", "one")
        assert ran.code == 5
        assert "Your text is kept in" in ran.err
        assert run("show", "one").out == "Theirs.\n"


class TestPublish:
    def test_a_draft_appears(self, run: Run, session: Session, client: FlaskClient) -> None:
        make_draft(session, slug="one")
        assert run("publish", "one").out == "one is published at /posts/one\n"
        assert client.get("/posts/one").status_code == 200

    def test_a_time_is_in_the_sites_zone(self, run: Run, session: Session, client: FlaskClient) -> None:
        change_site(session, time_zone="Europe/Berlin", address="https://example.org")
        entry = make_draft(session, slug="one")
        ran = run("publish", "one", "--at", "2126-12-24T08:00")
        assert ran.out == "one appears on 2126-12-24 at 08:00 (Europe/Berlin) at https://example.org/posts/one\n"
        session.refresh(entry)
        assert entry.published_at == datetime(2126, 12, 24, 7, 0, tzinfo=UTC)
        assert client.get("/posts/one").status_code == 404

    def test_an_hour_that_the_clocks_skip_is_refused(self, run: Run, session: Session) -> None:
        change_site(session, time_zone="Europe/Berlin")
        make_draft(session, slug="one")
        ran = run("publish", "one", "--at", "2026-03-29T02:30")
        assert ran.code == 4
        assert "does not exist in Europe/Berlin" in ran.err

    def test_a_date_that_is_none_is_wrong_usage(self, run: Run, session: Session) -> None:
        make_draft(session, slug="one")
        assert run("publish", "one", "--at", "soon").code == 2

    def test_unlisted_is_at_its_address_only(self, run: Run, session: Session, client: FlaskClient) -> None:
        make_draft(session, slug="one")
        assert run("publish", "one", "--unlisted").out == "one is unlisted at /posts/one\n"
        assert client.get("/posts/one").status_code == 200
        assert "/posts/one" not in client.get("/").text

    def test_what_nobody_knows_is_not_found(self, run: Run) -> None:
        ran = run("publish", "nothing")
        assert ran.code == 3
        assert "homeport list" in ran.err


def test_an_unpublished_post_is_a_draft_again(run: Run, session: Session, client: FlaskClient) -> None:
    make_entry(session, slug="one")
    run("unpublish", "one")
    assert client.get("/posts/one").status_code == 404
    assert run("list", "--state", "draft").out.startswith("one\tdraft\t")


class TestList:
    def test_it_can_be_narrowed_by_state_and_tag(self, run: Run, session: Session) -> None:
        make_entry(session, slug="one", tags=("Sky",))
        make_entry(session, slug="two", published_at=datetime(2126, 1, 1, tzinfo=UTC), tags=("Sky",))
        make_draft(session, slug="three")
        assert _slugs(run("list", "--json").out) == ["three", "two", "one"]
        assert _slugs(run("list", "--tag", "sky", "--json").out) == ["two", "one"]
        assert _slugs(run("list", "--tag", "sky", "--state", "scheduled", "--json").out) == ["two"]

    def test_lines_are_made_for_other_programs(self, run: Run, session: Session) -> None:
        make_entry(session, slug="one", title="The first")
        assert run("list").out == "one\tpublished\t2020-01-15\tThe first\n"


class TestDelete:
    def test_a_deleted_post_is_gone(self, run: Run, session: Session, client: FlaskClient) -> None:
        make_entry(session, slug="one")
        assert run("delete", "one", "--yes").code == 0
        assert client.get("/posts/one").status_code == 410

    def test_without_a_terminal_it_wants_a_yes(self, run: Run, session: Session, client: FlaskClient) -> None:
        make_entry(session, slug="one")
        assert run("delete", "one", given="y\n").code == 4
        assert client.get("/posts/one").status_code == 200


def test_a_renamed_posts_old_address_leads_on(run: Run, session: Session, client: FlaskClient) -> None:
    make_entry(session, slug="one")
    run("rename", "one", "uno")
    assert client.get("/posts/one").location == "/posts/uno"


def test_a_link_written_here_follows_the_entry_it_names(run: Run, session: Session, client: FlaskClient) -> None:
    make_entry(session, slug="one")
    run("new", "Two", "--file", "-", "--publish", given="See [one](/posts/one).\n")
    rename_entry(session, find_entry(session, "one"), "uno")
    assert 'href="/posts/uno"' in client.get("/posts/two").text


def _slugs(text: str) -> list[str]:
    return [entry["slug"] for entry in json.loads(text)]


def test_a_file_may_name_itself_and_its_former_addresses(run, client, tmp_path):
    file = tmp_path / "draft.md"
    file.write_text("---\ntitle: From the file\nslug: ff\naliases: [/old/ff]\n---\nText.\n")
    assert run("new", "--file", str(file), "--publish").out == "ff is published at /posts/ff\n"
    assert client.get("/old/ff").location == "/posts/ff"


def test_something_without_a_title_is_refused(run):
    assert run("new").code == 2
    assert run("new", "  ").code == 2


def test_publishing_now_gives_an_old_draft_the_date_of_today(run):
    run("new", "Old", "--file", "-", given="---\ndate: 2020-05-05\n---\nText.\n")
    run("publish", "old")
    assert '"published_at": "2020-05-05' in run("show", "old", "--json").out
    run("publish", "old", "--at", "now")
    assert '"published_at": "2020-05-05' not in run("show", "old", "--json").out


def test_the_commands_of_the_readme_do_what_it_says(run, tmp_path):
    """In their order, as a newcomer would type them."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    # A stack's folder is made and checked where an engine runs: tests/stack.
    typed = re.findall(r"^\$ bin/homeport (?!stack )(.*)$", readme, re.MULTILINE)
    (tmp_path / "one.md").write_text("# One\n\nText.\n")
    assert len(typed) >= 5
    for line in typed:
        arguments = shlex.split(line.replace("~/my-blog/content", str(tmp_path)), comments=True)
        ran = run(*arguments)
        assert ran.code == 0, (line, ran.err)


def test_what_readers_see_or_see_no_more_is_written_down(run: Run, session: Session) -> None:
    run("new", "Quiet")
    run("new", "Loud", "--publish")
    run("publish", "quiet", "--unlisted")
    run("publish", "quiet")
    run("unpublish", "quiet")
    run("unpublish", "quiet")
    run("delete", "loud", "--yes")
    events = session.execute(select(AuditEvent.account_name, AuditEvent.action, AuditEvent.subject)).all()
    assert [tuple(event) for event in events] == [
        ("command line", "entry.published", "Loud"),
        ("command line", "entry.unlisted", "Quiet"),
        ("command line", "entry.published", "Quiet"),
        ("command line", "entry.unpublished", "Quiet"),
        ("command line", "entry.deleted", "Loud"),
    ]


def test_an_edit_that_publishes_is_written_down_too(run: Run, session: Session, editor: Path) -> None:
    run("new", "Quiet", "--file", "-", given="---\ntitle: Quiet\ndate: 2020-05-05\ndraft: true\n---\nWords.\n")
    editor.write_text('sed -i "s/^draft: true/draft: false/" "$1"\n')
    run("edit", "quiet")
    assert session.scalars(select(AuditEvent.action)).all() == ["entry.published"]
