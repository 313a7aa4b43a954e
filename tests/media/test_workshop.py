import os
import time

import pytest

from homeport.media import workshop
from homeport.media.types import GIF, PNG
from homeport.media.variants import Variant
from homeport.media.workshop import VariantsError, make_files, remove_leftovers
from tests.factories.media import a_picture, an_animation

WANTED = (Variant("avif", 40), Variant("original", 40))


def write(folder, data):
    (folder / "original").write_bytes(data)
    return folder / "original"


def test_each_form_is_a_file_for_as_long_as_the_block_lasts(tmp_path):
    original = write(tmp_path, a_picture())
    with make_files(original, PNG, WANTED, folder=tmp_path / "cache") as files:
        assert b"ftyp" in files[WANTED[0]].read_bytes()[:12]
        assert b"PNG" in files[WANTED[1]].read_bytes()[:8]
        paths = list(files.values())
    assert not any(path.exists() for path in paths)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_picture_that_moves_has_none(tmp_path):
    with make_files(write(tmp_path, an_animation()), GIF, WANTED, folder=tmp_path) as files:
        assert files == {}


def test_a_picture_that_cannot_be_decoded_is_told_in_a_line(tmp_path):
    original = write(tmp_path, a_picture()[:-40])
    with (
        pytest.raises(VariantsError, match=r"cannot be decoded: .*Error"),
        make_files(original, PNG, WANTED, folder=tmp_path),
    ):
        pass


def test_one_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(workshop, "LONGEST_SECONDS", 0.01)
    original = write(tmp_path, a_picture())
    with pytest.raises(VariantsError, match="longer than"), make_files(original, PNG, WANTED, folder=tmp_path):
        pass


def test_what_a_killed_worker_left_goes_after_a_day(tmp_path):
    fresh, old = tmp_path / ".making-fresh", tmp_path / ".making-old"
    for folder in (fresh, old):
        folder.mkdir()
        (folder / "AVIF-40").write_bytes(b"half")
    yesterday = time.time() - 2 * workshop.LEFT_BEHIND_SECONDS
    os.utime(old, (yesterday, yesterday))
    remove_leftovers(tmp_path)
    assert fresh.exists()
    assert not old.exists()
