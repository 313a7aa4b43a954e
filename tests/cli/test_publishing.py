"""Publishing local files on a site elsewhere: the whole site behind real HTTP on this machine."""

import io
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from homeport.accounts.permissions import Permission
from homeport.accounts.tokens import make_token
from homeport.cli.main import main
from homeport.media.models import Media
from tests.api.conftest import Program
from tests.cli.conftest import Ran, Run
from tests.factories.media import a_picture
from tests.factories.members import make_member

TEXT = "---\ntitle: First light\ntags: [Sky]\ncover: img/hill.png\n---\n\n![A hill](img/hill.png)\n\nClear *tonight*.\n"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The whole application at an address of its own."""
    asked = []

    def counting(environ, start_response):
        asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return app(environ, start_response)

    with make_server("127.0.0.1", 0, counting, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        SITES[address] = asked
        yield address
        server.shutdown()
        thread.join()


SITES: dict[str, list[tuple[str, str]]] = {}


@pytest.fixture
def program(app: Flask, session: Session) -> Program:
    member = make_member(session)
    token = make_token(session, member, "laptop", [Permission.READ, Permission.WRITE, Permission.EDIT], days=1)
    session.commit()
    return Program(app, member, token)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Program) -> Path:
    """A home of somebody who has a token."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOMEPORT_TOKEN", program.token)
    return tmp_path / "home"


@pytest.fixture
def post(tmp_path: Path, home: Path) -> Path:
    """A text with a picture beside it."""
    path = tmp_path / "posts" / "2026-02-01-first-light.md"
    (path.parent / "img").mkdir(parents=True)
    (path.parent / "img" / "hill.png").write_bytes(a_picture())
    path.write_text(TEXT)
    return path


@pytest.fixture
def publish(run: Run, site: str, post: Path):
    def publish(*options: str) -> Ran:
        return run("--site", site, "publish", str(post), *options)

    return publish


def changes(site: str) -> list[str]:
    return [f"{method} {path}" for method, path in SITES[site] if method != "GET"]


class TestPublish:
    def test_the_text_and_its_picture_are_there(self, publish, site, program):
        ran = publish()
        assert (ran.code, ran.out) == (0, f"first-light is published at {site}/posts/first-light\n"), ran.err
        entry = program.get("/entries/first-light").json
        assert (entry["tags"], entry["published_at"][:10]) == (["Sky"], "2026-02-01")
        (file,) = program.get("/media").json["files"]
        assert file["path"] in entry["html"]
        assert entry["cover"] == file["hash"]

    def test_the_second_time_nothing_is_written(self, publish, site):
        publish()
        SITES[site].clear()
        assert publish().out == f"first-light is unchanged and published at {site}/posts/first-light\n"
        assert changes(site) == ["PUT /api/v1/entries/first-light/markdown"]

    def test_what_was_changed_here_is_changed_there(self, publish, post, program, site, session):
        publish()
        post.write_text(TEXT.replace("Clear", "Cloudy"))
        assert publish().out.startswith("first-light is published at ")
        assert "Cloudy" in program.get("/entries/first-light").json["source"]
        assert session.query(Media).count() == 1

    def test_a_picture_that_is_there_is_not_sent_again(self, publish, post, program, site):
        program.ask("POST", "/media?name=other.png", data=a_picture(), content_type="application/octet-stream")
        assert publish().code == 0
        assert changes(site) == ["PUT /api/v1/entries/first-light/markdown"]

    def test_as_a_draft_and_then_for_all(self, publish, program):
        assert publish("--draft").out.startswith("first-light is draft")
        assert publish().out.startswith("first-light is published")
        assert program.get("/entries/first-light").json["state"] == "published"

    def test_at_a_time_to_come(self, publish):
        assert publish("--at", "2126-01-01T08:00").out.startswith("first-light is scheduled for 2126-01-01T08:00")

    def test_in_no_list(self, publish):
        assert publish("--unlisted").out.startswith("first-light is unlisted at ")

    def test_a_dry_run_says_what_would_be(self, publish, program, site):
        ran = publish("--dry-run")
        assert ran.out == f"first-light would be made, and be published at {site}/posts/first-light\n"
        assert ran.err == "hill.png would be uploaded\n"
        assert program.get("/entries").json["entries"] == program.get("/media").json["files"] == []

    def test_a_picture_that_is_nowhere_is_told(self, publish, post):
        (post.parent / "img" / "hill.png").unlink()
        ran = publish()
        assert (ran.code, ran.err.count("img/hill.png is not here")) == (0, 1)


class TestChangedOnTheSite:
    @pytest.fixture
    def changed(self, publish, program):
        """The last line is another one on the site now."""
        publish()
        text = program.get("/entries/first-light/markdown").text
        program.ask(
            "PUT",
            "/entries/first-light/markdown",
            data=text.replace("Clear", "Starry").encode(),
            content_type="text/markdown",
            version="*",
        )

    def test_it_is_refused_with_what_can_be_done(self, changed, publish, post, program, site):
        post.write_text(TEXT.replace("First light", "Last light"))
        ran = publish()
        assert (ran.code, f"first-light has another text by now on {site}" in ran.err) == (5, True)
        assert "--merge" in ran.err
        assert "--force" in ran.err
        assert "Starry" in program.get("/entries/first-light").json["source"]

    def test_both_come_together(self, changed, publish, post, program):
        post.write_text(TEXT.replace("First light", "Last light"))
        assert publish("--merge").code == 0
        assert post.read_text() == TEXT.replace("First light", "Last light").replace("Clear", "Starry")
        entry = program.get("/entries/first-light").json
        assert (entry["title"], "Starry" in entry["source"]) == ("Last light", True)

    def test_where_both_changed_the_same_somebody_has_to_choose(self, changed, publish, post, program):
        post.write_text(TEXT.replace("Clear", "Cloudy"))
        ran = publish("--merge")
        assert (ran.code, "both changed one place" in ran.err) == (5, True)
        assert "Cloudy" in post.read_text()
        assert "Starry" in post.read_text()
        assert publish().code == 4
        post.write_text(TEXT.replace("Clear", "Cloudy and starry"))
        assert publish().code == 0
        assert "Cloudy and starry" in program.get("/entries/first-light").json["source"]

    def test_it_can_be_replaced(self, changed, publish, post, program):
        post.write_text(TEXT.replace("Clear", "Cloudy"))
        assert publish("--force").code == 0
        assert "Cloudy" in program.get("/entries/first-light").json["source"]

    def test_what_was_never_published_from_here_is_not_replaced_unseen(self, publish, program):
        program.post("/entries", {"title": "First light", "source": "Another."})
        assert publish().code == 5
        assert publish("--force").code == 0

    def test_what_was_deleted_there_comes_back_only_if_it_is_meant(self, publish, program):
        publish()
        program.delete("/entries/first-light")
        ran = publish()
        assert (ran.code, "is not there any more" in ran.err) == (5, True)
        assert publish("--force").code == 0


class TestPutByAnotherProgram:
    """The same text is on the site already, put there by a program that knows nothing of this machine."""

    @pytest.fixture
    def put(self, program, post):
        def put(**query: str) -> None:
            path = "/entries/first-light/markdown"
            answer = program.ask(
                "PUT", path, data=post.read_bytes(), content_type="text/markdown", version=None, query_string=query
            )
            assert answer.status_code < 300, answer.text

        return put

    def test_what_is_equal_is_no_conflict(self, put, publish, program):
        put()
        assert publish().code == 0
        (file,) = program.get("/media").json["files"]
        entry = program.get("/entries/first-light").json
        assert (file["path"] in entry["html"], entry["cover"]) == (True, file["hash"])

    def test_nor_is_it_after_a_publication_from_here(self, put, publish, post):
        publish()
        put()
        assert "unchanged" in publish().out

    def test_nor_is_it_when_the_site_has_had_another_text_between(self, put, publish, post, program):
        publish()
        version = program.get("/entries/first-light").json["version"]
        for text in (TEXT.replace("Clear", "Cloudy"), TEXT):
            answer = program.ask(
                "PUT", "/entries/first-light/markdown", data=text.encode(), content_type="text/markdown", version="*"
            )
            assert answer.json["entry"]["version"] > version
        assert "unchanged" in publish().out


class TestRenamed:
    """A text that calls itself otherwise by now is still the same entry."""

    SLUGGED = TEXT.replace("tags:", "slug: first-night\ntags:")

    def slugs(self, program) -> list[str]:
        return [entry["slug"] for entry in program.get("/entries").json["entries"]]

    def test_another_slug_renames_the_entry_and_its_address_leads_on(self, publish, post, program, site):
        publish()
        post.write_text(self.SLUGGED)
        ran = publish()
        assert (ran.code, ran.out) == (0, f"first-night is published at {site}/posts/first-night\n"), ran.err
        assert "note: this is the entry that was first-light\n" in ran.err
        assert self.slugs(program) == ["first-night"]
        assert program.client.get("/posts/first-light").headers["Location"].endswith("/posts/first-night")
        assert "unchanged" in publish().out
        assert publish().err == ""

    def test_a_dry_run_says_so_and_does_nothing(self, publish, post, program):
        publish()
        post.write_text(self.SLUGGED)
        ran = publish("--dry-run")
        assert (ran.out.startswith("first-night would be changed"), "was first-light" in ran.err) == (True, True)
        assert self.slugs(program) == ["first-light"]

    def test_what_the_site_has_by_now_is_not_lost_by_it(self, publish, post, program):
        publish()
        program.patch("/entries/first-light", {"source": "Starry."}, version="*")
        post.write_text(self.SLUGGED)
        assert publish().code == 5
        assert self.slugs(program) == ["first-light"]

    def test_a_file_that_was_moved_is_the_same_entry(self, run, publish, post, program, site):
        publish()
        moved = post.rename(post.with_name("2026-02-01-first-night.md"))
        ran = run("--site", site, "publish", str(moved))
        assert (ran.code, self.slugs(program)) == (0, ["first-light"])
        moved.write_text(TEXT.replace("Clear", "Cloudy"))
        assert run("--site", site, "publish", str(moved)).code == 0
        assert "Cloudy" in program.get("/entries/first-light").json["source"]

    def test_one_that_was_renamed_on_the_site_is_found_there(self, publish, post, program):
        publish()
        program.patch("/entries/first-light", {"slug": "first-night"}, version="*")
        program.put("/entries/first-light/publication", {})
        post.write_text(TEXT.replace("Clear", "Cloudy"))
        assert "has another text by now" in publish().err
        assert publish("--merge").code == 0
        assert self.slugs(program) == ["first-night"]
        assert "Cloudy" in program.get("/entries/first-night").json["source"]

    @pytest.mark.parametrize("is_moved", [True, False])
    def test_another_text_in_its_place_is_another_entry(self, run, publish, post, program, site, is_moved):
        publish()
        path = post.rename(post.with_name("another.md")) if is_moved else post
        path.write_text("---\ntitle: Second light\nslug: second-light\n---\n\nClear again.\n")
        assert run("--site", site, "publish", str(path)).code == 0
        assert sorted(self.slugs(program)) == ["first-light", "second-light"]

    def test_a_deleted_entry_is_not_renamed(self, publish, post, program):
        publish()
        program.delete("/entries/first-light")
        post.write_text(self.SLUGGED)
        assert publish().code == 0
        assert self.slugs(program) == ["first-night"]


class TestRefusals:
    def test_without_a_token_it_says_how_to_get_one(self, publish, monkeypatch, site):
        monkeypatch.delenv("HOMEPORT_TOKEN")
        ran = publish()
        assert ran.code != 0
        assert f"{site}/account/tokens" in ran.err

    def test_a_bad_token_is_told(self, publish, monkeypatch):
        monkeypatch.setenv("HOMEPORT_TOKEN", "hp_nothing")
        ran = publish()
        assert (ran.code, "does not take your token" in ran.err) == (8, True)

    def test_a_text_that_cannot_be_taken_is_told(self, publish, post, site):
        post.write_text("---\ntitle: A\nstate: published\nlanguage: en\n---\n" + "x" * 2_000_001)
        ran = publish()
        assert (ran.code, "The text is too long" in ran.err) == (4, True)

    def test_a_file_that_is_not_here_is_told(self, run, site, home):
        assert run("--site", site, "publish", "nothing.md").code == 4

    def test_a_picture_that_cannot_be_taken_is_told(self, publish, post):
        (post.parent / "img" / "hill.png").write_bytes(b"MZ\x90\x00 a program")
        assert publish().code == 4

    @pytest.mark.parametrize("address", ["http://192.0.2.1", "http://[2001:db8::1]"])
    def test_a_token_does_not_travel_in_clear(self, run, post, address):
        ran = run("--site", address, "publish", str(post))
        assert (ran.code, "could read your token" in ran.err) == (4, True)

    @pytest.mark.parametrize("address", ["https://example.org/blog", "ftp://example.org", "https://a b"])
    def test_what_is_no_address_is_told(self, run, post, address):
        assert run("--site", address, "publish", str(post)).code == 4

    def test_where_nobody_answers_it_is_told(self, run, post):
        assert run("--site", "http://127.0.0.1:9", "publish", str(post)).code == 6

    @pytest.mark.parametrize("option", ["--draft", "--dry-run", "--merge", "--force"])
    def test_what_is_for_sites_elsewhere_is_not_for_this_one(self, run, option):
        assert run("publish", "first-light", option).code == 2

    def test_other_commands_are_not_for_sites_elsewhere(self, run, site):
        ran = run("--site", site, "delete", "first-light")
        assert (ran.code, "--site is for publish" in ran.err) == (2, True)


class TestLogin:
    @pytest.fixture
    def typed(self, monkeypatch, capsys):
        def typed(*arguments: str, given: str) -> Ran:
            monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _text: given)
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
            with pytest.raises(SystemExit) as ended:
                main(arguments)
            said = capsys.readouterr()
            return Ran(int(ended.value.code or 0), said.out, said.err)

        return typed

    def test_a_token_is_tried_and_kept_where_only_its_owner_can_read_it(
        self, typed, site, home, program, monkeypatch, publish
    ):
        monkeypatch.delenv("HOMEPORT_TOKEN")
        ran = typed("--site", site, "login", given=program.token)
        assert ran.code == 0
        assert "may edit, read, write" in ran.out
        assert program.token not in ran.out
        file = home / ".config" / "homeport" / "tokens.json"
        assert (json.loads(file.read_text()), file.stat().st_mode & 0o777) == ({site: program.token}, 0o600)
        assert publish().code == 0
        assert typed("--site", site, "logout", given="").code == 0
        assert json.loads(file.read_text()) == {}

    def test_one_that_is_no_good_is_not_kept(self, typed, site, home):
        assert typed("--site", site, "login", given="hp_nothing").code == 8
        assert not (home / ".config").exists()

    def test_it_must_say_where(self, run, home):
        assert run("login").code == 2

    def test_a_file_that_others_can_read_is_not_used(self, typed, site, home, program, publish, monkeypatch):
        typed("--site", site, "login", given=program.token)
        (home / ".config" / "homeport" / "tokens.json").chmod(0o644)
        monkeypatch.delenv("HOMEPORT_TOKEN")
        ran = publish()
        assert (ran.code, "chmod 600" in ran.err) == (8, True)


class TestLooking:
    def test_what_is_there_is_listed(self, run, publish, site):
        publish()
        assert run("--site", site, "list").out == "first-light\tpublished\t2026-02-01\tFirst light\n"
        assert run("--site", site, "list", "--state", "draft").out == ""
        assert json.loads(run("--site", site, "list", "--json").out)[0]["slug"] == "first-light"

    def test_a_text_is_shown_byte_for_byte(self, run, publish, site):
        publish()
        assert run("--site", site, "show", "first-light").out == TEXT
        assert json.loads(run("--site", site, "show", "first-light", "--json").out)["title"] == "First light"
        assert run("--site", site, "show", "nothing").code == 3
