"""`homeport backup` and `homeport restore`: what they say, and how they end."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from homeport.cli import context
from tests.cli.conftest import Run
from tests.factories.backups import Installation
from tests.factories.buckets import PREFIX, FakeBucket, fake_bucket
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


class TestTheBucketAlone:
    """What is left of a server is its bucket and the recovery key."""

    @pytest.fixture
    def service(self, at, site, monkeypatch, tmp_path) -> Iterator[FakeBucket]:
        """A bucket with the archive of a site whose own folder is lost."""
        with fake_bucket() as service:
            for name, value in service.environment().items():
                monkeypatch.setenv(name, value)
            (tmp_path / "key").write_text(at(site, "backup", "key").out)
            at(site, "backup")
            shutil.rmtree(site.folder)
            yield service

    @pytest.fixture
    def restore(self, at, empty, service, tmp_path):
        return lambda *arguments: at(empty, "restore", *(arguments or ["--bucket"]), "--key", str(tmp_path / "key"))

    @staticmethod
    def newest(service: FakeBucket) -> str:
        """The name under which the newest archive lies there."""
        catalogue = json.loads(service.objects[f"{PREFIX}catalogue.json"])
        newest: str = max(catalogue, key=lambda archive: archive["made_at"])["name"]
        return PREFIX + newest

    def test_the_newest_brings_back_the_same_rows_posts_and_media(self, restore, site, empty, service):
        restored = restore()
        assert (restored.code, restored.err) == (0, "")
        assert empty.counts() == site.counts()
        assert empty.pages() == site.pages()
        assert [path.name for path in (empty.folder / "backups").glob("*.age")] == [
            self.newest(service).removeprefix(PREFIX)
        ]

    def test_without_the_catalogue_the_names_have_to_do(self, restore, site, empty, service):
        del service.objects[f"{PREFIX}catalogue.json"]
        assert restore().code == 0
        assert empty.counts() == site.counts()

    def test_one_can_be_fetched_to_be_looked_at(self, at, empty, service):
        path = Path(at(empty, "backup", "fetch").out.strip())
        assert path.read_bytes() == service.objects[self.newest(service)]
        other = Path(at(empty, "backup", "fetch", f"s3://archives-of-tests/{self.newest(service)}").out.strip())
        assert other.name == f"fetched-{path.name}"

    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            (lambda content: content[:5000] + bytes([content[5000] ^ 1]) + content[5001:], "is damaged"),
            (lambda content: content[:-1000], "bytes instead of"),
            (lambda content: None, "is not there"),
        ],
        ids=["damaged", "cut short", "missing"],
    )
    def test_what_is_not_whole_is_refused_and_nothing_is_touched(self, restore, empty, service, fault, said):
        name = self.newest(service)
        content = fault(service.objects.pop(name))
        service.objects |= {} if content is None else {name: content}
        refused = restore()
        assert (refused.code in (4, 6), said in refused.err) == (True, True), refused.err
        assert "Traceback" not in refused.err
        assert empty.counts() == {}
        assert len(empty.databases()) == 1

    def test_the_one_before_is_named_and_works(self, restore, site, empty, service):
        newest, former = self.newest(service), "homeport-20200101T000000Z.age"
        [noted] = json.loads(service.objects[f"{PREFIX}catalogue.json"])
        older = {**noted, "name": former, "made_at": "2020-01-01T00:00:00+00:00"}
        service.objects[f"{PREFIX}catalogue.json"] = json.dumps([older, noted]).encode()
        service.objects[f"{PREFIX}{former}"] = service.objects.pop(newest)
        [address] = re.findall(r"s3://\S+\.age$", restore().err, re.MULTILINE)
        assert restore(address).code == 0
        assert empty.counts() == site.counts()

    def test_an_empty_bucket_and_one_that_breaks_off_are_told(self, restore, empty, service):
        service.cuts_off_at = 20_000
        assert "cannot be used" in restore().err
        service.objects.clear()
        assert "there is no archive in s3://archives-of-tests/site/" in restore().err
        assert empty.counts() == {}


def test_a_restore_says_what_it_needs(at, site, tmp_path):
    assert "Name an archive, or --bucket alone, or --latest." in at(site, "restore").err
    assert at(site, "restore", "a.age", "--bucket").code == 2
    assert at(site, "restore", "--bucket").code == 3
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
    assert at(site, "status").out.splitlines()[-1] == "There is no backup yet; `homeport backup` makes one."
    at(site, "backup")
    assert "could be lost" in at(site, "status").out
    assert "The last backup is 0 min old, last proven restorable: never." in at(site, "status").out
    assert json.loads(at(site, "status", "--json").out)["backup"]["proven_at"] is None
