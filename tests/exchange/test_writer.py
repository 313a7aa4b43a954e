from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, text

from homeport.blog.models import Entry
from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.errors import UnavailableError
from homeport.exchange.importer import import_folder
from homeport.exchange.run import ImportOptions
from homeport.jobs.models import Job
from homeport.ops.folder import DataFolder
from homeport.ops.postgres import Server
from tests.factories.folders import write_folder

POSTS = {f"{number}.md": f"---\ntitle: Post {number}\n---\nText\n" for number in range(4)}
CUT_THE_WRITERS = text(
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
    " where backend_type = 'client backend' and pid <> pg_backend_pid()"
    " and pid not in (select pid from pg_locks where locktype = 'advisory')"
)


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    """A server that may be ended."""
    data = DataFolder(tmp_path / "data")
    data.prepare()
    server = Server(data)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_site(server) -> Iterator[Database]:
    """A site whose connections may be cut."""
    database = Database(server.uri)
    bring_up_to_date(database.engine)
    yield database
    database.dispose()


def test_a_connection_that_is_cut_in_the_middle_costs_no_text(own_site, folder):
    def cut(done: int, _total: int) -> None:
        if done == 2:
            with own_site.reader() as connection:
                assert connection.execute(CUT_THE_WRITERS).all()

    write_folder(folder, POSTS)
    report = import_folder(own_site, folder, ImportOptions(processes=1), progress=cut)
    assert (report.imported, report.skipped) == (4, [])


def test_search_publication_and_smaller_pictures_follow_an_import(own_site, folder):
    coming = "---\ntitle: To come\ndate: 2100-01-01\n---\nText\n"
    write_folder(folder, {**POSTS, "coming.md": coming, "draft.md": coming.replace("title", "draft: true\ntitle")})
    assert import_folder(own_site, folder, ImportOptions(processes=1)).imported == 6
    with own_site.reader() as connection:
        jobs = connection.execute(select(Job.kind, func.extract("year", Job.run_at) == 2100)).all()
    assert {tuple(job) for job in jobs} == {
        ("search.index_missing", False),
        ("media.variants_missing", False),
        ("blog.published", True),
    }


def test_a_server_that_is_gone_ends_the_import_and_what_was_written_stays(server, own_site, folder):
    def kill(done: int, _total: int) -> None:
        if done == 2:
            with own_site.transaction() as session:
                session.execute(text("create table marked ()"))
            server.kill()

    write_folder(folder, POSTS)
    with pytest.raises(UnavailableError, match="the database does not answer"):
        import_folder(own_site, folder, ImportOptions(processes=1), progress=kill)
    server.start()
    with own_site.reader() as connection:
        assert connection.execute(select(func.count()).select_from(Entry)).scalar_one() == 2


def test_what_the_report_counts_is_on_disk(server, own_site, folder):
    own_site.dispose()
    server.stop()
    # Else the server writes by itself soon enough.
    (server.folder.cluster / "postgresql.auto.conf").write_text("wal_writer_delay = 10s\n")
    server.start()
    write_folder(folder, POSTS)
    report = import_folder(own_site, folder, ImportOptions(processes=1))
    server.kill()
    own_site.dispose()
    server.start()
    with own_site.reader() as connection:
        assert connection.execute(select(func.count()).select_from(Entry)).scalar_one() == report.imported == 4
