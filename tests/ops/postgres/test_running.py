import os
import shutil
import signal
import time
from pathlib import Path

import psycopg2
import pytest

from homeport.ops import kernel, postgres, process
from homeport.ops.folder import DataFolder
from homeport.ops.postgres import Server, running
from homeport.ops.postgres.cluster import WrongVersionError
from homeport.ops.process import ProcessId
from homeport.ops.services import PostgresService
from homeport.ops.tenancy import COMMAND, OccupiedError, occupy


def ask(uri: str, question: str):
    connection = psycopg2.connect(uri.replace("+psycopg2", ""))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def server_of(folder: DataFolder) -> ProcessId:
    server = ProcessId.of(int((folder.cluster / "postmaster.pid").read_text().split()[0]))
    assert server is not None
    return server


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A data folder with a cluster in it, to copy from: making one takes a second."""
    root = tmp_path_factory.mktemp("made") / "data"
    with running(root) as uri:
        ask(uri, "create table kept as select 42 as answer")
    return root


@pytest.fixture
def folder(made, tmp_path) -> DataFolder:
    shutil.copytree(made, tmp_path / "data")
    return DataFolder(tmp_path / "data")


HOLD = """
    import sys, time
    from pathlib import Path
    from homeport.ops.postgres import Server, running
    with running(Path(sys.argv[1])) as uri:
        print(uri, flush=True)
        time.sleep(60)
    """


class TestTheDatabase:
    def test_its_log_holds_nothing_that_people_wrote(self, folder):
        with running(folder.root) as uri:
            ask(uri, "create table said (words text check (words <> 'Private words.'))")
            for refused in ("insert into said values ('Private words.')", "select 'Private words.'::int"):
                with pytest.raises(psycopg2.Error):
                    ask(uri, refused)
        log = folder.database_log.read_text()
        assert "said_words_check" in log
        assert "insert into" not in log
        assert "Failing row" not in log

    def test_it_is_unicode_checked_and_durable(self, folder):
        with running(folder.root) as uri:
            assert ask(uri, "select upper('é')") == "É"
            assert ask(uri, "show server_encoding") == "UTF8"
            assert ask(uri, "select datlocprovider from pg_database where datname = current_database()") == "b"
            assert ask(uri, "select datlocale from pg_database where datname = current_database()") == "C.UTF-8"
            for setting in ("data_checksums", "fsync", "synchronous_commit", "full_page_writes"):
                assert ask(uri, f"show {setting}") == "on"

    def test_it_listens_on_a_private_socket_and_on_nothing_else(self, folder):
        with running(folder.root) as uri:
            assert ask(uri, "show listen_addresses") == ""
            assert folder.sockets.stat().st_mode & 0o777 == 0o700
            assert folder.cluster.stat().st_mode & 0o777 == 0o700

    def test_the_site_is_no_superuser_but_may_make_databases_and_trusted_extensions(self, folder):
        with running(folder.root) as uri:
            assert ask(uri, "select current_user || ' ' || current_database()") == "homeport homeport"
            assert ask(uri, "select rolsuper::text || rolcreatedb from pg_roles where rolname = user") == "falsetrue"
            ask(uri, "create extension pg_trgm")

    def test_what_was_written_is_there_the_next_time(self, folder):
        with running(folder.root) as uri:
            assert ask(uri, "select answer from kept") == 42

    def test_nothing_runs_afterwards(self, folder):
        with running(folder.root):
            server = server_of(folder)
        assert not server.is_alive()
        assert not (folder.cluster / "postmaster.pid").exists()


class TestAfterAccidents:
    @pytest.mark.skipif(not kernel.IS_LINUX, reason="elsewhere the guard does this, see test_guard.py")
    def test_it_ends_cleanly_when_its_parent_is_killed_and_comes_back_at_once(self, folder, program):
        parent = program(HOLD, folder.root)
        uri = parent.stdout.readline().strip()
        ask(uri, "insert into kept values (43)")
        server = server_of(folder)
        parent.kill()
        parent.wait()
        with running(folder.root) as uri:
            assert not server.is_alive()
            assert ask(uri, "select count(*) from kept") == 2
        assert "database system was shut down at" in folder.database_log.read_text().split("starting PostgreSQL")[-1]

    def test_it_recovers_after_its_own_kill(self, folder, program):
        parent = program(HOLD, folder.root)
        ask(parent.stdout.readline().strip(), "insert into kept values (43)")
        server = server_of(folder)
        server.send(signal.SIGKILL)
        parent.kill()
        parent.wait()
        with running(folder.root) as uri:
            assert ask(uri, "select count(*) from kept") == 2

    @pytest.mark.parametrize(
        "number", ["1", pytest.param(str(os.getpid()), id="ours"), "4194305", "-5", "nonsense", ""]
    )
    def test_the_note_of_a_server_that_is_long_gone_does_not_matter(self, folder, number):
        note = folder.cluster / "postmaster.pid"
        note.write_text(f"{number}\n{folder.cluster}\n1700000000\n5432\n{folder.sockets}\n\n  1 2\nready\n")
        with running(folder.root) as uri:
            assert ask(uri, "select 1") == 1

    def test_a_first_start_that_was_cut_short_is_done_again(self, tmp_path):
        folder = DataFolder(tmp_path / "data")
        half = folder.root / "postgres.new"
        half.mkdir(parents=True)
        (half / "PG_VERSION").write_text("18\n")
        with running(folder.root) as uri:
            assert ask(uri, "select 1") == 1
        assert not half.exists()


class TestRefusals:
    @pytest.mark.parametrize("version", ["15", "99"])
    def test_a_folder_of_another_major_version_is_refused_with_the_remedy(self, folder, version):
        (folder.cluster / "PG_VERSION").write_text(f"{version}\n")
        with pytest.raises(WrongVersionError, match=version) as refusal, running(folder.root):
            pass
        assert "homeport export" in refusal.value.hint

    def test_a_damaged_version_is_refused(self, folder):
        (folder.cluster / "PG_VERSION").write_text("")
        with pytest.raises(postgres.cluster.ConflictError, match="damaged"), running(folder.root):
            pass

    def test_a_folder_with_something_else_in_it_is_left_alone(self, tmp_path):
        folder = DataFolder(tmp_path / "data")
        folder.cluster.mkdir(parents=True)
        (folder.cluster / "holiday.jpg").write_bytes(b"\xff")
        with pytest.raises(postgres.cluster.ConflictError, match="not a PostgreSQL data folder"), running(folder.root):
            pass
        assert (folder.cluster / "holiday.jpg").exists()

    def test_postgres_says_itself_why_it_does_not_start(self, folder):
        (folder.cluster / "postgresql.conf").write_text("shared_buffers = much\n")
        with pytest.raises(postgres.UnavailableError, match="configuration file"), running(folder.root):
            pass

    def test_a_command_gives_up_when_another_does_not_finish(self, folder, monkeypatch):
        monkeypatch.setattr(postgres, "PATIENCE_SECONDS", 0.0)
        with occupy(folder, COMMAND), pytest.raises(OccupiedError), running(folder.root):
            pass

    def test_a_command_waits_for_another_that_finishes(self, folder, program):
        other = program(HOLD.replace("time.sleep(60)", "time.sleep(0.5)"), folder.root)
        other.stdout.readline()
        began = time.monotonic()
        with running(folder.root) as uri:
            assert ask(uri, "select 1") == 1
        assert time.monotonic() - began > 0.3


class TestLongPaths:
    @pytest.fixture
    def long(self, made, tmp_path) -> DataFolder:
        root = tmp_path / ("a" * 60) / ("b" * 60) / "data"
        shutil.copytree(made / "postgres", root / "postgres")
        return DataFolder(root)

    def test_the_socket_lies_in_a_short_private_place_then(self, long):
        with running(long.root) as uri:
            place = Path((long.run / "socket-folder").read_text())
            assert ask(uri, "select 1") == 1
            assert place.stat().st_mode & 0o777 == 0o700
            assert not long.sockets.exists()
        assert not place.exists()

    def test_a_remembered_place_that_is_not_private_any_more_is_not_used(self, long, tmp_path):
        long.prepare()
        planted = tmp_path / "planted"
        planted.mkdir(mode=0o777)
        planted.chmod(0o777)
        (long.run / "socket-folder").write_text(str(planted))
        with running(long.root):
            assert Path((long.run / "socket-folder").read_text()) != planted
        assert planted.exists()


def test_a_folder_with_blanks_and_quotes_in_its_name_works(made, tmp_path):
    root = tmp_path / 'Märta\'s "blog", new'
    shutil.copytree(made, root)
    with running(root) as uri:
        assert ask(uri, "select answer from kept") == 42


class TestStartingAgain:
    @pytest.fixture
    def service(self, folder):
        folder.prepare()
        service = PostgresService(Server(folder))
        service.start()
        yield service
        service.stop()

    def test_a_server_that_was_stopped_is_noticed_and_replaced(self, folder, service):
        uri, before = service.server.uri, server_of(folder)
        before.send(signal.SIGSTOP)
        assert process.wait_until(service.server.is_stopped, 5)
        assert service.fault(100.0) == ""
        assert service.fault(110.0) == "stands still"
        service.kill()
        service.start()
        assert not before.is_alive()
        assert service.fault(120.0) == ""
        assert ask(uri, "select answer from kept") == 42

    def test_data_that_have_vanished_are_never_replaced_by_an_empty_database(self, folder, service):
        service.stop()
        folder.cluster.rename(folder.root / "elsewhere")
        with pytest.raises(postgres.UnavailableError, match="is gone"):
            service.start()
        assert not folder.cluster.exists()
        (folder.root / "elsewhere").rename(folder.cluster)
        service.start()
        assert ask(service.server.uri, "select answer from kept") == 42
