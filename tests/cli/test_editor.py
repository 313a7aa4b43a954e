"""Nothing that somebody wrote in their editor is lost."""

from pathlib import Path

import pytest

from homeport.cli.editor import EditorError, edited


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_it_gives_what_was_saved_and_cleans_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.edit", lambda filename: Path(filename).write_bytes(b"new\r\n"))
    with edited("post.md", "old") as text:
        assert text == b"new\r\n"
    assert list(folder.iterdir()) == []


def test_a_failure_keeps_the_text_and_says_where(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("click.edit", lambda filename: Path(filename).write_bytes(b"new"))
    with pytest.raises(RuntimeError), edited("post.md", "old"):
        raise RuntimeError
    kept = Path(capsys.readouterr().err.removeprefix("Your text is kept in ").strip())
    assert kept.read_bytes() == b"new"


def test_an_editor_that_does_not_start_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(filename: str) -> None:
        raise OSError(filename)

    monkeypatch.setattr("click.edit", fail)
    with pytest.raises(OSError, match=r"post\.md"), edited("post.md", "old"):
        pass
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("editor", "reason"),
    [
        ("/nowhere/vi", "the editor /nowhere/vi is not installed"),
        ("false", "the editor false ended with an error"),
    ],
)
def test_an_editor_that_fails_is_told_with_the_remedy(
    folder: Path, monkeypatch: pytest.MonkeyPatch, editor: str, reason: str
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    with pytest.raises(EditorError, match=reason) as failed, edited("post.md", "old"):
        pass
    assert "EDITOR=nano" in failed.value.hint
    assert list(folder.iterdir()) == []
