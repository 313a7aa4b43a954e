import pytest

from homeport.errors import UnavailableError
from homeport.ops.folder import DataFolder


def test_all_of_it_is_private(tmp_path):
    folder = DataFolder(tmp_path / "some" / "data")
    folder.prepare()
    assert {path.stat().st_mode & 0o777 for path in (folder.root, folder.run, folder.logs)} == {0o700}


def test_where_none_can_be_the_place_and_the_remedy_are_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UnavailableError, match=str(tmp_path / "file")) as refusal:
        DataFolder(tmp_path / "file" / "data").prepare()
    assert "--data" in refusal.value.hint
