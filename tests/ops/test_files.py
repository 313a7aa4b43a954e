import pytest

from homeport.ops import files


def test_a_written_file_is_private_unless_told_otherwise(tmp_path):
    files.write_atomically(tmp_path / "key", "secret")
    assert (tmp_path / "key").read_text() == "secret"
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_else(tmp_path):
    path = tmp_path / "key"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        files.write_atomically(path, "\udcff")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_removing_what_is_not_there_is_fine(tmp_path):
    files.remove(tmp_path / "nothing")
