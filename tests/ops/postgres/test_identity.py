import os
import tempfile
from pathlib import Path

import psycopg2
import pytest

from homeport.errors import UnavailableError
from homeport.ops.folder import DataFolder
from homeport.ops.postgres import identity as identities
from homeport.ops.postgres.identity import NOBODY, Identity, NamespaceIdentity, UserIdentity, choose_identity
from homeport.ops.postgres.server import Server

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a choice")


@pytest.fixture
def open_folder(tmp_path):
    """A data folder that every user of the system can reach."""
    shared = Path(tempfile.gettempdir())
    for path in (tmp_path, *tmp_path.parents):
        # pytest makes its folders private, one more of them in each process of a parallel run.
        if shared in path.parents:
            path.chmod(0o755)
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    folder.root.chmod(0o711)
    return folder


@needs_root
class TestRoot:
    def test_a_namespace_is_preferred_because_files_stay_roots(self, tmp_path, monkeypatch):
        monkeypatch.setattr(identities.kernel, "can_enter_user_namespace", lambda _: True)
        assert choose_identity(tmp_path / "none") == NamespaceIdentity()

    def test_without_namespaces_it_is_nobody(self, tmp_path, monkeypatch):
        monkeypatch.setattr(identities.kernel, "can_enter_user_namespace", lambda _: False)
        assert choose_identity(tmp_path / "none") == UserIdentity(NOBODY, NOBODY)

    def test_a_cluster_of_another_user_is_run_as_that_user(self, tmp_path):
        os.chown(tmp_path, 1234, 1234)
        assert choose_identity(tmp_path) == UserIdentity(1234, 1234)

    def test_the_server_runs_as_another_user_from_a_copy_where_that_user_cannot_read_ours(
        self, open_folder, monkeypatch
    ):
        monkeypatch.setattr(identities, "SHARED_BINARIES", open_folder.root.parent / "shared")
        server = Server(open_folder, identity=UserIdentity(NOBODY, NOBODY))
        server.start()
        try:
            connection = psycopg2.connect(server.uri.replace("+psycopg2", ""))
            connection.close()
            assert server.process is not None
            assert Path(f"/proc/{server.process.pid}").stat().st_uid == NOBODY
            assert open_folder.cluster.stat().st_uid == NOBODY
        finally:
            server.stop()

    def test_a_folder_that_the_other_user_cannot_enter_is_named(self, open_folder):
        open_folder.root.chmod(0o700)
        with pytest.raises(UnavailableError, match=str(open_folder.root)):
            UserIdentity(NOBODY, NOBODY).own(open_folder.root / "postgres")


class TestOrdinaryUser:
    def test_it_runs_it_as_itself(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
        assert choose_identity(tmp_path) == Identity()

    def test_one_without_a_name_gets_one_in_a_namespace(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "geteuid", lambda: 4_000_001)
        monkeypatch.setattr(identities.kernel, "can_enter_user_namespace", lambda _: True)
        assert choose_identity(tmp_path) == NamespaceIdentity()
