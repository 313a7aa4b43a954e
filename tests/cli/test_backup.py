"""`homeport backup` and `homeport restore`: what they say, and how they end."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from homeport.cli import context
from tests.cli.conftest import Run
from tests.factories.backups import Installation
from tests.factories.buckets import fake_bucket
from tests.ops.backup.conftest import empty, site, written_site

__all__ = ["empty", "site", "written_site"]


@pytest.fixture
def at(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Run a command on an installation."""
    monkeypatch.setattr(context, "_read_env_file", lambda _: {})

    def run_at(installation: Installation, *arguments: str) -> object:
        monkeypatch.setenv("DB_URI", installation.uri)
        monkeypatch.setenv("DATA_DIR", str(installation.folder))
        return run(*arguments)

    return run_at


def test_an_archive_goes_around_once(at, site, empty, tmp_path):
    private = at(site, "backup", "key")
    assert private.out.startswith("AGE-SECRET-KEY-1")
    assert "keep it elsewhere" in private.err
    made = at(site, "backup")
    assert made.out.startswith(f"wrote {site.folder}/backups/homeport-")
    assert made.err == ""
    [listed] = json.loads(at(site, "backup", "list", "--json").out)
    assert (listed["own"], listed["proven_at"]) == (True, None)
    proven = at(site, "backup", "prove")
    assert proven.out.endswith("rows, and /, /feed.atom, /posts/second answered.\n")
    assert "proven 20" in at(site, "backup", "list").out
    key = tmp_path / "key"
    key.write_text(private.out)
    restored = at(empty, "restore", listed["file"], "--key", str(key))
    assert (restored.code, restored.err) == (0, "")
    assert empty.counts() == site.counts()


def test_a_lost_server_comes_back_from_the_bucket(at, site, empty, monkeypatch, tmp_path):
    with fake_bucket() as service:
        for name, value in service.environment().items():
            monkeypatch.setenv(name, value)
        private = at(site, "backup", "key").out
        at(site, "backup")
        [listed] = json.loads(at(site, "backup", "list", "--bucket", "--json").out)
        assert listed["file"].startswith("s3://archives-of-tests/site/homeport-")
        name = listed["file"].rpartition("/")[2]
        assert at(site, "backup", "list", "--bucket").out.splitlines()[-1].startswith(f"{name}\t0 min old")
        (tmp_path / "key").write_text(private)
        restored = at(empty, "restore", listed["file"], "--key", str(tmp_path / "key"))
        assert (restored.code, restored.err) == (0, "")
        assert empty.counts() == site.counts()
        refused = at(empty, "restore", f"s3://another/{name}")
    assert (refused.code, "is not in s3://archives-of-tests/site/" in refused.err) == (4, True)


def test_a_restore_says_what_it_needs(at, site, tmp_path):
    assert "Name an archive, or --latest." in at(site, "restore").err
    assert "need --cluster" in at(site, "restore", "--latest").err
    assert at(site, "restore", "--latest", "--cluster", str(tmp_path / "cluster")).code == 3
    assert at(site, "restore", "--to", "yesterday").code == 2


def test_without_a_bucket_there_is_none_to_list(at, site):
    assert at(site, "backup", "list", "--bucket").code == 3


def test_without_a_recovery_key_a_backup_says_that_only_this_server_can_open_it(at, site):
    assert "homeport backup key" in at(site, "backup").err


def test_a_second_recovery_key_is_made_only_on_demand(at, site):
    first = at(site, "backup", "key")
    refused = at(site, "backup", "key")
    assert (refused.code, refused.out) == (5, "")
    assert at(site, "backup", "key", "--replace").out != first.out


def test_refusals_end_as_everywhere(at, site, tmp_path: Path):
    at(site, "backup")
    [listed] = json.loads(at(site, "backup", "list", "--json").out)
    other = tmp_path / "other.age"
    other.write_text("no archive")
    refused = at(site, "restore", listed["file"])
    assert (refused.code, refused.err.splitlines()[0]) == (5, "error: there is a site in the database already")
    assert at(site, "restore", str(other)).code == 4
    assert at(site, "restore", listed["file"], "--key", str(other)).code == 4
    assert at(site, "restore", "/nowhere").code == 2


def test_a_former_database_is_named(at, site):
    at(site, "backup")
    [listed] = json.loads(at(site, "backup", "list", "--json").out)
    assert "The former database is called tried_" in at(site, "restore", listed["file"], "--replace").out


def test_archives_of_other_origin_are_listed_last(at, site):
    at(site, "backup")
    (site.folder / "backups" / "a.age").write_text("x")
    assert at(site, "backup", "list").out.splitlines()[-1].split("\t") == ["a.age", "", "1 bytes", "of other origin"]


def test_nothing_to_prove_is_something_away(at, site):
    assert at(site, "backup", "prove").code == 6


def test_status_tells_of_the_last_backup(at, site):
    assert "There is no backup yet" in at(site, "status").out
    at(site, "backup")
    assert "The last backup is 0 min old, last proven restorable: never." in at(site, "status").out
    assert json.loads(at(site, "status", "--json").out)["backup"]["proven_at"] is None
