"""An archive becomes the same site again, and whatever does not changes nothing."""

import os
import signal
import stat
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest

from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.errors import HomeportError
from homeport.ops.backup import databases, programs, restoring
from homeport.ops.backup.errors import (
    BackupFailedError,
    OccupiedDatabaseError,
    OtherReleaseError,
    UnreadableArchiveError,
)
from homeport.ops.backup.making import make_backup
from homeport.ops.backup.manifest import Manifest
from homeport.ops.backup.placing import Places
from homeport.ops.backup.restoring import Target, compare_counts, restore_backup
from homeport.ops.backup.sealing import seal
from homeport.ops.folder import DataFolder
from tests.factories.backups import Installation


def migrate(uri: str) -> None:
    database = Database(uri, pool_size=1)
    bring_up_to_date(database.engine)
    database.dispose()


def target_of(installation: Installation, **given) -> Target:
    source = installation.source
    places = Places(key=DataFolder(installation.folder).secret_key)
    return Target(source.uri, source.shelf, migrate, **{"places": places, **given})


def restore(archive: Path, site: Installation, into: Installation, **given):
    return restore_backup(archive, target_of(into, **given), [site.source.keys.server()])


@pytest.fixture
def archive(site: Installation) -> Path:
    """An archive of the site."""
    return site.source.shelf.path_of(make_backup(site.source))


def test_an_empty_host_gets_the_same_rows_and_the_same_pages(site, empty, archive):
    restored = restore(archive, site, empty)
    assert empty.counts() == site.counts()
    assert empty.pages() == site.pages()
    assert restored.aside == ""
    assert empty.databases() == {databases.name_of(empty.uri)}


LETTERS = "select count(*) from pg_indexes where indexname ~ '^ix_.*_letters$'"
EXTENSIONS = "select count(*) from pg_extension where extname = 'pg_trgm'"


@pytest.mark.parametrize("extension", ["pg_trgm", "pg_that_no_server_has"])
def test_a_server_without_trigrams_gets_the_same_site_without_their_indexes(
    site, empty, archive, monkeypatch, extension
):
    monkeypatch.setattr(programs, "_EXTENSION", extension)
    restore(archive, site, empty)
    assert empty.counts() == site.counts()
    assert empty.pages() == site.pages()
    has_trigrams = extension == "pg_trgm"
    assert [empty.ask(statement)[0] > 0 for statement in (LETTERS, EXTENSIONS)] == [has_trigrams] * 2


def test_a_new_site_that_nobody_has_written_to_counts_as_empty(site, empty, archive):
    migrate(empty.uri)
    restore(archive, site, empty)
    assert empty.counts() == site.counts()


def test_what_is_there_is_replaced_only_on_demand_and_kept(site, archive):
    site.do("delete from response")
    changed = site.counts()
    with pytest.raises(OccupiedDatabaseError, match="there is a site in the database already"):
        restore(archive, site, site)
    assert site.counts() == changed
    restored = restore(archive, site, site, may_replace=True)
    assert site.counts()["response"] == 1
    assert site.databases() == {databases.name_of(site.uri), restored.aside}
    aside = Installation(site.uri.replace(databases.name_of(site.uri), restored.aside), site.folder)
    assert aside.counts() == changed


def test_tables_of_another_program_are_not_taken_for_an_empty_database(site, empty, archive):
    empty.do("create table theirs (id int)")
    with pytest.raises(OccupiedDatabaseError):
        restore(archive, site, empty)


def test_nobody_is_pushed_out_of_the_database(site, empty, archive):
    with (
        databases.connected(empty.uri),
        pytest.raises(OccupiedDatabaseError, match="somebody works in the database"),
    ):
        restore(archive, site, empty)


def test_settings_and_secrets_go_where_they_are_asked_for(site, empty, tmp_path):
    (site.folder / "secrets").mkdir(parents=True)
    (site.folder / "secrets" / "flask_key").write_text("of the old host")
    archive = site.source.shelf.path_of(make_backup(site.source))
    places = Places(files=tmp_path / "files", key=DataFolder(empty.folder).secret_key)
    restore(archive, site, empty, places=places)
    assert (tmp_path / "files" / "settings.env").read_text() == "SITE_URL='https://example.org'\n"
    assert (tmp_path / "files" / "secrets" / "FLASK_KEY").read_text() == "of the old host"
    assert DataFolder(empty.folder).secret_key.read_text() == "of the old host"


def test_a_folder_with_something_in_it_is_refused_before_anything_is_touched(site, empty, archive, tmp_path):
    with pytest.raises(OccupiedDatabaseError, match="is not empty"):
        restore(archive, site, empty, places=Places(files=site.folder))
    assert empty.counts() == {}


class TestTheFoldersOfTheProxy:
    @pytest.fixture
    def proxy(self, tmp_path) -> Path:
        """A folder as the proxy keeps it."""
        folder = tmp_path / "proxy" / "npm_data"
        (folder / "live").mkdir(parents=True)
        (folder / "key.pem").write_text("of the certificate")
        (folder / "key.pem").chmod(0o600)
        (folder / "live" / "key.pem").symlink_to("../key.pem")
        return folder

    @pytest.fixture
    def archive(self, site, proxy) -> Path:
        settings = site.settings
        settings = settings.replace(backup=replace(settings.backup, include=(proxy,)))
        return site.source.shelf.path_of(make_backup(replace(site.source, settings=settings)))

    def test_they_come_back_with_modes_and_links_into_folders_of_the_same_name(self, site, empty, archive, tmp_path):
        place = tmp_path / "new" / "npm_data"
        restore(archive, site, empty, places=Places(folders=(place, tmp_path / "new" / "unknown")))
        assert (place / "live" / "key.pem").readlink() == Path("../key.pem")
        assert (place / "live" / "key.pem").read_text() == "of the certificate"
        assert stat.S_IMODE((place / "key.pem").stat().st_mode) == 0o600
        assert not (tmp_path / "new" / "unknown").exists()

    def test_what_is_in_them_is_never_mixed_with_what_was(self, site, empty, archive, proxy):
        with pytest.raises(OccupiedDatabaseError, match="npm_data is not empty"):
            restore(archive, site, empty, places=Places(folders=(proxy,)))
        assert empty.counts() == {}

    def test_they_are_empty_again_when_the_database_cannot_be_switched(
        self, site, empty, archive, tmp_path, monkeypatch
    ):
        def refuse(*_):
            raise OccupiedDatabaseError("somebody works in the database")

        monkeypatch.setattr(databases.Sibling, "replace_original", refuse)
        place = tmp_path / "new" / "npm_data"
        with pytest.raises(OccupiedDatabaseError):
            restore(archive, site, empty, places=Places(folders=(place,)))
        assert list(place.iterdir()) == []


class TestARefusedArchive:
    @pytest.fixture(autouse=True)
    def _nothing_is_touched(self, empty):
        yield
        assert empty.counts() == {}
        assert empty.databases() == {databases.name_of(empty.uri)}

    @pytest.mark.parametrize("place", [0.05, 0.5, 0.99])
    def test_it_is_damaged(self, site, empty, archive, place):
        content = bytearray(archive.read_bytes())
        content[int(len(content) * place)] ^= 1
        archive.write_bytes(content)
        with pytest.raises(UnreadableArchiveError):
            restore(archive, site, empty)

    @pytest.mark.parametrize("length", [0, 10, 100, 300, 65_536, -1, -20_000])
    def test_it_is_cut_short(self, site, empty, archive, length):
        archive.write_bytes(archive.read_bytes()[:length])
        with pytest.raises(UnreadableArchiveError):
            restore(archive, site, empty)

    def test_it_is_something_else(self, site, empty, archive):
        archive.write_bytes(b"PK\x03\x04")
        with pytest.raises(UnreadableArchiveError, match="is no archive of Homeport"):
            restore(archive, site, empty)

    def test_it_is_sealed_but_not_by_us(self, site, empty, archive):
        archive.write_bytes(pyrage.encrypt(b"a diary", [site.source.keys.server().to_public()]))
        with pytest.raises(UnreadableArchiveError):
            restore(archive, site, empty)

    def test_it_is_sealed_for_others(self, site, empty, archive):
        with pytest.raises(UnreadableArchiveError, match="is sealed for other keys"):
            restore(archive, empty, empty)

    def test_only_a_newer_release_can_use_it(self, site, empty, archive):
        site.do("insert into schema_compatibility (revision, oldest_release) values ('9999', '99.0')")
        newer = site.source.shelf.path_of(make_backup(site.source))
        with pytest.raises(OtherReleaseError, match=r"needs Homeport 99\.0 or newer"):
            restore(newer, site, empty)

    def test_it_is_of_a_newer_postgresql(self, site, empty, archive, monkeypatch):
        monkeypatch.setattr(databases, "major_of", lambda _: 15)
        with pytest.raises(OtherReleaseError, match="made on PostgreSQL"):
            restore(archive, site, empty)

    def test_it_holds_what_its_manifest_does_not_say(self, site, empty, archive, tmp_path):
        (tmp_path / "settings.env").write_text("x")
        said = Manifest(datetime.now(UTC), "0", "0002", "0", 15, {}, ())
        with archive.open("wb") as file:
            seal(file, tmp_path, said, [site.source.keys.server().to_public()])
        with pytest.raises(HomeportError):
            restore(archive, site, empty)


class TestAFailure:
    @pytest.fixture(autouse=True)
    def _nothing_has_changed(self, site):
        before = site.counts()
        yield
        assert site.counts() == before
        assert site.databases() == {databases.name_of(site.uri)}

    def test_while_the_dump_is_restored(self, site, archive, monkeypatch):
        def fail(*_, **__):
            raise BackupFailedError("no")

        monkeypatch.setattr(programs, "load", fail)
        with pytest.raises(BackupFailedError):
            restore(archive, site, site, may_replace=True)

    def test_when_rows_are_missing(self, site, archive, monkeypatch):
        monkeypatch.setattr(databases, "count_rows", lambda _: {"entry": 1})
        with pytest.raises(BackupFailedError, match="what was restored is not what was dumped"):
            restore(archive, site, site, may_replace=True)

    def test_while_the_schema_is_brought_up_to_date(self, site, archive):
        def fail(_uri):
            raise RuntimeError

        with pytest.raises(RuntimeError):
            restore_backup(
                archive, replace(target_of(site, may_replace=True), migrate=fail), [site.source.keys.server()]
            )

    def test_when_somebody_comes_in_at_the_last_moment(self, site, archive, monkeypatch):
        monkeypatch.setattr(databases, "SWITCH_TRIES", 1)
        visitors = []

        def visit(uri):
            visitors.append(databases.connected(site.uri))
            visitors[0].__enter__()

        target = replace(target_of(site, may_replace=True), migrate=visit)
        with pytest.raises(OccupiedDatabaseError):
            restore_backup(archive, target, [site.source.keys.server()])
        visitors[0].__exit__(None, None, None)

    def test_a_role_that_may_make_no_databases_is_told_what_to_do(self, site, archive, monkeypatch):
        monkeypatch.setattr(databases, "_MAY_CREATE", "select false")
        with pytest.raises(BackupFailedError, match="may not make a database") as refused:
            restore(archive, site, site, may_replace=True)
        assert "createdb" in refused.value.hint


KILLED = """
    import signal, sys
    from pathlib import Path
    from homeport.ops.backup import databases, placing, programs, restoring
    from tests.factories.backups import Installation
    from tests.ops.backup.test_restoring import target_of

    def stop(*_, **__):
        print("here", flush=True)
        signal.pause()

    module, name = sys.argv[4].split(".")
    owner = {"programs": programs, "restoring": restoring, "placing": placing, "Sibling": databases.Sibling}[module]
    setattr(owner, name, stop)
    site = Installation(sys.argv[1], Path(sys.argv[2]))
    restoring.restore_backup(Path(sys.argv[3]), target_of(site, may_replace=True), [site.source.keys.server()])
    """


@pytest.mark.parametrize(
    "moment", ["programs.load", "restoring.compare_counts", "placing._place_key", "Sibling.replace_original"]
)
def test_a_kill_changes_nothing_and_the_next_restore_works(site, archive, moment):
    site.do("delete from response")
    before = site.counts()
    arguments = [sys.executable, "-c", textwrap.dedent(KILLED), site.uri, str(site.folder), str(archive), moment]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"here\n"
        os.kill(killed.pid, signal.SIGKILL)
    assert site.counts() == before
    restored = restore(archive, site, site, may_replace=True)
    assert site.counts()["response"] == 1
    assert site.databases() == {databases.name_of(site.uri), restored.aside}


def test_a_full_disk_changes_nothing(site, empty, archive, monkeypatch):
    def fill(*_):
        with Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"x")

    monkeypatch.setattr(restoring, "unseal", fill)
    with pytest.raises(BackupFailedError, match="there is no room for the archive"):
        restore(archive, site, empty)
    assert empty.counts() == {}


def test_differences_are_named_table_by_table():
    assert compare_counts({"entry": 2, "tag": 1}, {"entry": 2, "tag": 1}) == []
    assert compare_counts({"entry": 2, "tag": 0}, {"entry": 1}) == [
        "entry has 1 rows instead of 2",
        "tag has no rows instead of 0",
    ]


def test_the_manifest_is_read_back_as_it_was_written():
    said = Manifest(datetime.now(UTC), "1.2", "0002", "1.0", 18, {"entry": 3}, ())
    assert Manifest.from_json(said.to_json()) == said
    with pytest.raises(OtherReleaseError, match="in a form that this release does not know"):
        Manifest.from_json(replace(said, format=99).to_json())
    with pytest.raises(UnreadableArchiveError):
        Manifest.from_json("[]")
