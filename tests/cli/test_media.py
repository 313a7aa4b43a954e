import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from homeport.cli import media as media_commands
from homeport.cli.context import Installation
from homeport.cli.main import cli
from homeport.db.session import Database
from homeport.errors import InvalidError, NotFoundError
from homeport.net.client import Fetched
from tests.factories.blog import make_entry
from tests.factories.media import a_picture


@pytest.fixture
def run(own_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command on the test's transaction."""

    @contextmanager
    def open_database() -> Iterator[Database]:
        yield own_database

    monkeypatch.setattr(media_commands, "open_database", open_database)
    installation = Installation(data=tmp_path, outside={"MEDIA_MAX_BYTES": "5000"})

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["media", *arguments], obj=installation)

    return run


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "Harbour.png"
    path.write_bytes(a_picture())
    return path


class TestAdd:
    def test_it_prints_the_markdown_of_a_picture(self, run: Any, picture: Path) -> None:
        result = run("add", "--alt", "The harbour", str(picture))
        assert result.exit_code == 0
        assert result.stdout.startswith("![The harbour](/media/")
        assert result.stdout.endswith("/harbour.png)\n")

    def test_it_tells_a_program_everything(self, run: Any, picture: Path) -> None:
        (told,) = json.loads(run("add", "--json", str(picture)).stdout)
        assert (told["content_type"], told["width"], told["height"]) == ("image/png", 80, 40)

    def test_a_refused_file_does_not_stop_the_others(self, run: Any, picture: Path, tmp_path: Path) -> None:
        page, big = tmp_path / "page.png", tmp_path / "big.txt"
        page.write_bytes(b"<!DOCTYPE html>")
        big.write_bytes(b"x" * 6000)
        result = run("add", str(page), str(big), str(picture))
        assert "error: page.png is an HTML page" in result.stderr
        assert "error: big.txt has 6,000 bytes" in result.stderr
        assert "/harbour.png)" in result.stdout
        assert isinstance(result.exception, InvalidError)
        assert str(result.exception) == "2 of 3 files were not taken."

    def test_a_document_is_a_link(self, run: Any, tmp_path: Path) -> None:
        (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7 ...")
        assert run("add", str(tmp_path / "paper.pdf")).stdout.startswith("[paper.pdf](/media/")


class TestList:
    def test_it_lists_for_people_and_for_programs(self, run: Any, picture: Path) -> None:
        run("add", str(picture))
        assert "image/png" in run("list").stdout
        (row,) = json.loads(run("list", "--json").stdout)
        assert row["path"] == f"/media/{row['hash']}/harbour.png"


class TestDescribe:
    def test_it_says_what_a_picture_shows(self, run: Any, picture: Path) -> None:
        (told,) = json.loads(run("add", "--json", str(picture)).stdout)
        digest = told["path"].split("/")[2]
        assert run("describe", digest, "--alt", "At dawn").stdout == f"![At dawn]({told['path']})\n"

    def test_an_unknown_file_is_not_found(self, run: Any) -> None:
        assert isinstance(run("describe", "0" * 32, "--alt", "x").exception, NotFoundError)


class TestFetch:
    @pytest.fixture(autouse=True)
    def _entries(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        make_entry(session, source="![a](https://a.example/a.png) ![b](https://b.example/b.png)\n")
        session.flush()

        def answer(url: str, **_limits: object) -> Fetched:
            return Fetched(url, 200, "", a_picture()) if "a.example" in url else Fetched(url, 404, "", b"")

        monkeypatch.setattr("homeport.exchange.remote_images.fetch", answer)

    def test_a_dry_run_only_names_them(self, run: Any) -> None:
        result = run("fetch", "--dry-run")
        assert "https://a.example/a.png  (entries: 1)" in result.stdout
        assert result.stdout.endswith("2 would be fetched.\n")
        assert run("list").stdout == ""

    def test_it_tells_what_became_of_each(self, run: Any) -> None:
        result = run("fetch")
        assert result.exit_code == 0
        assert "stored  https://a.example/a.png  /media/" in result.stdout
        assert "failed  https://b.example/b.png  the server answers 404" in result.stdout
        assert result.stdout.endswith("1 stored, 0 here already, 1 failed.\n")

    def test_it_tells_a_program_the_same(self, run: Any) -> None:
        images = {image["url"]: image for image in json.loads(run("fetch", "--json").stdout)["images"]}
        assert images["https://a.example/a.png"]["status"] == "stored"
        assert images["https://b.example/b.png"]["reason"]
        wanted = json.loads(run("fetch", "--dry-run", "--json").stdout)["images"]
        assert [image["url"] for image in wanted] == ["https://b.example/b.png"]
