import importlib.util
import sys

import pytest

from homeport.errors import UnavailableError
from homeport.ops.postgres.binaries import PACKAGE, find_binaries


def test_the_programs_come_from_the_wheel_whose_python_is_never_imported():
    binaries = find_binaries()
    assert (binaries.bin / "initdb").exists()
    assert binaries.major >= 18
    assert PACKAGE not in sys.modules


def test_without_the_wheel_the_remedy_is_a_server_elsewhere(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UnavailableError) as refusal:
        find_binaries()
    assert "DB_URI" in refusal.value.hint


def test_a_copy_is_complete_readable_by_all_and_made_once(tmp_path):
    folder = tmp_path / "shared" / "copy"
    copy = find_binaries().copy_to(folder)
    assert (copy.bin / "postgres").stat().st_mode & 0o555 == 0o555
    assert folder.stat().st_mode & 0o777 == 0o755
    assert not folder.with_name("copy.new").exists()
    (copy.package / "marker").touch()
    find_binaries().copy_to(folder)
    assert (copy.package / "marker").exists()
