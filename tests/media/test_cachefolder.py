from pathlib import Path

import pytest

from homeport.media.cachefolder import CacheFolder
from homeport.media.store import StoredMedia

HASH = "ab" + "0" * 30
STORED = StoredMedia(HASH, "a.png", "image/png", b"pixels")


def test_a_copy_is_found_with_its_name_and_type(tmp_path: Path) -> None:
    CacheFolder(tmp_path).add(STORED)
    found = CacheFolder(tmp_path).find(HASH)
    assert found is not None
    assert (found.path.read_bytes(), found.name, found.content_type) == (b"pixels", "a.png", "image/png")
    assert found.path == tmp_path / "ab" / HASH


def test_nothing_is_found_in_an_empty_folder(tmp_path: Path) -> None:
    assert CacheFolder(tmp_path / "none").find(HASH) is None


@pytest.mark.parametrize(
    "note", [b"", b"{", b"[]", b'{"size_bytes": 6}', b'{"size_bytes": 7, "name": "a.png"}', b"\xff"]
)
def test_a_copy_with_a_damaged_note_counts_as_none(tmp_path: Path, note: bytes) -> None:
    folder = CacheFolder(tmp_path)
    folder.add(STORED)
    (tmp_path / "ab" / f"{HASH}.json").write_bytes(note)
    assert folder.find(HASH) is None


def test_a_copy_cut_short_counts_as_none_and_is_replaced(tmp_path: Path) -> None:
    folder = CacheFolder(tmp_path)
    folder.add(STORED)
    (tmp_path / "ab" / HASH).write_bytes(b"pix")
    assert folder.find(HASH) is None
    folder.add(STORED)
    assert folder.find(HASH) is not None


def test_a_folder_that_cannot_be_written_keeps_no_copy_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert CacheFolder(tmp_path / "file").add(STORED) is None
    assert "served from the database" in caplog.text


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert CacheFolder(tmp_path).add(STORED) is None
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
