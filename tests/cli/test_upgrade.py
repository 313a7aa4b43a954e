"""`homeport upgrade-db`: what it says where there is nothing to do, and whom it is not for."""

import pytest

from homeport.cli import context
from homeport.ops.postgres import running


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(context, "_read_env_file", lambda _: {})
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DB_URI", raising=False)
    return tmp_path / "data"


def test_a_folder_of_this_release_needs_nothing(run, folder):
    with running(folder):
        pass
    done = run("upgrade-db")
    assert (done.code, done.out.startswith("The database is of this release's PostgreSQL already")) == (0, True)


def test_a_server_of_somebody_else_is_not_touched(run, folder, monkeypatch):
    monkeypatch.setenv("DB_URI", "postgresql://blog@database.example/blog")
    refused = run("upgrade-db")
    assert (refused.code, refused.err.startswith("error: DB_URI names a server of your own")) == (5, True)
