"""A data folder of an older PostgreSQL becomes one of ours, or stays exactly what it was."""

import shutil
from pathlib import Path

import pytest

from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.errors import ConflictError, UnavailableError
from homeport.ops.backup import programs
from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.folder import DataFolder
from homeport.ops.postgres import cluster, running, upgrading
from homeport.ops.postgres.binaries import find_binaries
from homeport.ops.postgres.cluster import WrongVersionError
from homeport.ops.postgres.elsewhere import PLACES, SystemBinaries
from homeport.ops.postgres.exchange import SUCCESSOR, mark_ready
from homeport.ops.postgres.server import Server
from homeport.ops.postgres.upgrading import upgrade_cluster
from homeport.ops.tenancy import COMMAND, occupy
from tests.factories.backups import Installation, write_site

OLDER = (15, 16, 17)
OLD_OPTIONS = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")


def older_binaries() -> SystemBinaries:
    for major in OLDER:
        binaries = SystemBinaries(Path(PLACES[0].format(major)))
        if binaries.major == major:
            return binaries
    pytest.skip("no older PostgreSQL is installed (Debian: postgresql-15)")


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[Path, Installation]:
    """A data folder with a site in it that an older PostgreSQL has written."""
    binaries = older_binaries()
    folder = DataFolder(tmp_path_factory.mktemp("older") / "data")
    folder.prepare()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "_INITDB_OPTIONS", OLD_OPTIONS)
        server = Server(folder, binaries=binaries)
        server.start()
        database = Database(server.uri)
        bring_up_to_date(database.engine)
        database.dispose()
        write_site(server.uri)
        site = Installation(server.uri, folder.root)
        before = (site.counts(), site.pages())
        server.stop()
    return folder.root, before


@pytest.fixture
def older(written, tmp_path) -> DataFolder:
    shutil.copytree(written[0], tmp_path / "data", symlinks=True, ignore=shutil.ignore_patterns("socket", "run"))
    return DataFolder(tmp_path / "data")


def version_in(path: Path) -> str:
    return (path / "PG_VERSION").read_text().strip()


def test_the_site_is_the_same_afterwards_and_the_former_files_are_kept(older, written):
    with pytest.raises(WrongVersionError, match="was written by PostgreSQL 1") as refused, running(older.root):
        pass
    assert "homeport upgrade-db" in refused.value.hint
    former = version_in(older.cluster)
    done = upgrade_cluster(older)
    assert (version_in(older.cluster), version_in(done.kept)) == (str(find_binaries().major), former)
    with running(older.root) as uri:
        site = Installation(uri, older.root)
        assert (site.counts(), site.pages()) == written[1]
        assert done.rows == sum(site.counts().values())
    assert not (older.root / SUCCESSOR).exists()
    assert upgrade_cluster(older) is None


@pytest.mark.parametrize("step", ["load", "compare", "rename"])
def test_a_failure_at_any_step_leaves_the_former_files_in_use(older, monkeypatch, step):
    def fail(*_, **__):
        raise BackupFailedError("the disk is full")

    match step:
        case "compare":
            monkeypatch.setattr(upgrading, "hash_tables", lambda uri: {"entry": uri})
        case "rename":
            monkeypatch.setattr(upgrading, "mark_ready", fail)
        case _:
            monkeypatch.setattr(programs, step, fail)
    before = version_in(older.cluster)
    with pytest.raises(UnavailableError):
        upgrade_cluster(older)
    assert version_in(older.cluster) == before
    assert [path.name for path in older.root.glob("postgres*")] == ["postgres"]
    if step != "rename":
        assert not (older.root / SUCCESSOR).exists()


def test_a_kill_between_the_two_names_is_made_good_by_the_next_start(tmp_path):
    folder = DataFolder(tmp_path / "data")
    with running(folder.root):
        pass
    successor = DataFolder(folder.root / SUCCESSOR)
    successor.prepare()
    folder.cluster.rename(successor.cluster)
    (successor.cluster / "kept").touch()
    mark_ready(successor)
    with running(folder.root):
        pass
    assert (folder.cluster / "kept").exists()
    assert not successor.root.exists()


def test_a_copy_whose_place_was_never_free_is_thrown_away(tmp_path):
    folder = DataFolder(tmp_path / "data")
    successor = DataFolder(folder.root / SUCCESSOR)
    successor.prepare()
    successor.cluster.mkdir()
    folder.cluster.mkdir()
    (folder.cluster / "PG_VERSION").write_text(f"{find_binaries().major}\n")
    mark_ready(successor)
    assert upgrade_cluster(folder) is None
    assert not successor.root.exists()


class TestRefusals:
    @pytest.fixture
    def folder(self, tmp_path) -> DataFolder:
        folder = DataFolder(tmp_path / "data")
        folder.cluster.mkdir(parents=True)
        (folder.cluster / "PG_VERSION").write_text("15\n")
        return folder

    def test_without_the_former_programs_the_remedies_are_told(self, folder, tmp_path):
        with pytest.raises(UnavailableError, match="programs of PostgreSQL 15, which wrote the data") as refused:
            upgrade_cluster(folder, tmp_path)
        assert "postgresql-15" in refused.value.hint
        assert "homeport restore" in refused.value.hint

    def test_a_newer_folder_is_refused(self, folder):
        (folder.cluster / "PG_VERSION").write_text("99\n")
        with pytest.raises(ConflictError, match="written by PostgreSQL 99"):
            upgrade_cluster(folder)

    def test_nothing_there_is_told(self, tmp_path):
        with pytest.raises(ConflictError, match="there is no database in"):
            upgrade_cluster(DataFolder(tmp_path / "empty"))

    def test_company_is_refused(self, folder):
        with occupy(folder, COMMAND), pytest.raises(ConflictError, match="a command uses the database"):
            upgrade_cluster(folder)
