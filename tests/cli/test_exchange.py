"""`homeport import` and `homeport export`: moving a site in and out."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from homeport.accounts.proofs import AuditEvent
from tests.cli.conftest import Run
from tests.factories.blog import make_entry
from tests.factories.folders import write_folder

GOOD = "---\ntitle: A\ndate: 2020-01-02\n---\n![x](gone.png)\n"
BAD = b"\xff\xfe\x00"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "blog", {"a.md": GOOD})


class TestImport:
    def test_the_report_says_what_became_of_each_file(self, run: Run, texts: Path) -> None:
        write_folder(texts, {"bad.md": BAD})
        ran = run("import", str(texts))
        assert ran.code == 0
        assert ran.out.startswith("Plain: 1 imported, 0 updated, 0 unchanged, 1 skipped, in ")
        assert "  bad.md: is UTF-16; save it as UTF-8\n" in ran.out
        assert "  a.md:5: the image to 'gone.png' is broken" in ran.out
        assert ran.err == ""

    def test_json_is_one_object(self, run: Run, texts: Path) -> None:
        write_folder(texts, {"bad.md": BAD})
        report = json.loads(run("import", str(texts), "--json").out)
        assert (report["imported"], report["updated"], report["unchanged"]) == (1, 0, 0)
        assert report["skipped"] == [{"file": "bad.md", "line": None, "reason": "is UTF-16; save it as UTF-8"}]
        assert report["warnings"][0]["line"] == 5
        assert report["seconds"] >= 0

    def test_it_is_written_down_once_and_only_if_something_went_in(
        self, run: Run, texts: Path, session: Session
    ) -> None:
        run("import", str(texts), "--dry-run")
        run("import", str(texts))
        run("import", str(texts))
        event = session.scalars(select(AuditEvent)).one()
        assert (event.action, event.subject, event.details) == ("site.import", "blog", {"imported": 1, "updated": 0})

    def test_a_dry_run_says_would(self, run: Run, texts: Path) -> None:
        assert "1 would be imported" in run("import", str(texts), "--dry-run").out
        assert json.loads(run("import", str(texts), "--json").out)["imported"] == 1

    def test_nothing_that_could_go_in_is_an_error_of_its_own(self, run: Run, tmp_path: Path) -> None:
        ran = run("import", str(write_folder(tmp_path / "bad", {"bad.md": BAD})))
        assert (ran.code, ran.err) == (4, "")

    def test_a_folder_without_texts_is_an_error(self, run: Run, tmp_path: Path) -> None:
        ran = run("import", str(write_folder(tmp_path / "none", {"a.txt": ""})))
        assert ran.code == 4
        assert "no Markdown file" in ran.err

    def test_many_warnings_are_cut_short_for_people(self, run: Run, texts: Path) -> None:
        write_folder(
            texts,
            {"many.md": "---\ndate: 2020-01-02\n---\n" + "".join(f"[x](gone{number}.md)\n" for number in range(60))},
        )
        ran = run("import", str(texts))
        assert "  60 times: the link to … is broken: it leads to nothing that is here (many.md:4, " in ran.out
        file = ran.out.partition("One by one: ")[2].partition(",")[0]
        assert len(Path(file).read_text().splitlines()) == 61

    def test_a_folder_that_is_not_there_is_a_usage_error(self, run: Run) -> None:
        assert run("import", "/nowhere").code == 2

    def test_the_format_can_be_forced(self, run: Run, texts: Path) -> None:
        assert run("import", str(texts), "--format", "hugo").out.startswith("Hugo:")


class TestExport:
    def test_it_says_what_was_written(self, run: Run, session: Session, tmp_path: Path) -> None:
        make_entry(session, slug="one")
        ran = run("export", str(tmp_path / "out"))
        assert ran.out.startswith("1 entries and 0 files written to ")
        assert (tmp_path / "out/posts/one.md").exists()

    def test_a_folder_with_other_things_is_refused(self, run: Run, texts: Path) -> None:
        ran = run("export", str(texts))
        assert ran.code == 5
        assert "not empty" in ran.err

    def test_an_earlier_export_is_replaced_by_force(self, run: Run, tmp_path: Path) -> None:
        run("export", str(tmp_path / "out"))
        assert run("export", str(tmp_path / "out")).code == 5
        assert json.loads(run("export", str(tmp_path / "out"), "--force", "--json").out)["entries"] == 0
