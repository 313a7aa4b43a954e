"""The worker against a real database: what wakes it, what it survives, and that nothing is lost when it is killed."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from homeport.db.session import Database
from homeport.jobs import worker as worker_module
from homeport.jobs.doing import Doer
from homeport.jobs.registry import Registry
from homeport.jobs.worker import JointPromise, Worker
from homeport.ops.process import wait_until
from tests.factories.jobs import put_jobs, waiting_jobs


@contextmanager
def running(worker: Worker) -> Iterator[None]:
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def done() -> list[int]:
    return []


@pytest.fixture
def make_worker(jobs, settings, done):
    def make(**options):
        def note(_database, _settings, payload):
            done.append(payload["number"])

        return Worker(Doer(jobs, settings, Registry({"note": note})), **options)

    return make


class TestWaiting:
    def test_a_worker_that_sleeps_is_woken_by_a_new_job(self, jobs, make_worker, done, monkeypatch):
        monkeypatch.setattr(worker_module, "LONGEST_WAIT_SECONDS", 60.0)
        with running(make_worker()):
            put_jobs(jobs, 1)
            assert wait_until(lambda: done == [1], 10)
            put_jobs(jobs, 2)
            assert wait_until(lambda: done == [1, 2], 10)

    def test_a_job_to_come_is_done_when_its_time_has_come(self, jobs, make_worker, done, monkeypatch):
        monkeypatch.setattr(worker_module, "LONGEST_WAIT_SECONDS", 60.0)
        with jobs.transaction() as session:
            now = session.execute(select(func.now())).scalar_one()
        put_jobs(jobs, 1, run_at=now + timedelta(seconds=1))
        with running(make_worker()):
            assert wait_until(lambda: done == [1], 10)
        with jobs.transaction() as session:
            assert session.execute(select(func.now())).scalar_one() >= now + timedelta(seconds=1)

    def test_a_lost_connection_is_made_again(self, jobs, make_worker, done):
        with running(make_worker()):
            put_jobs(jobs, 1)
            assert wait_until(lambda: done == [1], 10)
            with jobs.transaction() as session:
                ended = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                session.execute(text(f"{ended} and query ~ 'job'"))
            put_jobs(jobs, 2)
            assert wait_until(lambda: 2 in done, 10)

    def test_a_database_that_is_away_is_waited_for_and_told_of_once(self, settings, caplog):
        away = Database("postgresql+psycopg2://nobody@127.0.0.1:1/none")
        with running(Worker(Doer(away, settings, Registry({})))):
            assert wait_until(lambda: "jobs wait for the database" in caplog.text, 10)
            time.sleep(0.5)
        assert caplog.text.count("jobs wait for the database") == 1

    def test_it_says_how_long_it_may_be_silent(self, make_worker):
        promises: list[float] = []
        with running(make_worker(promise=promises.append)):
            assert wait_until(lambda: len(promises) > 1, 10)
        assert max(promises) == worker_module.LONGEST_JOB_SECONDS


class TestJointPromise:
    def test_it_is_broken_as_soon_as_one_of_its_parts_is(self):
        heard: list[float] = []
        joint = JointPromise(heard.append)
        joint.of("slow")(900)
        joint.of("quick")(30)
        assert heard[-1] == pytest.approx(30, abs=1)
        joint.of("quick")(1000)
        assert heard[-1] == pytest.approx(900, abs=5)


WORKING = """
    import sys, time
    from homeport.jobs.registry import Registry
    from homeport.jobs.worker import work_until_told
    from homeport.settings import Settings

    def say(_database, _settings, payload):
        time.sleep(payload["number"])
        print(payload["number"], flush=True)

    registry = Registry({"note": say, "paint": say}, slow=frozenset({"paint"}))
    work_until_told(Settings.from_env({"DB_URI": sys.argv[1]}), registry)
    """


@pytest.mark.stack
def test_a_process_does_quick_jobs_while_a_slow_one_takes_its_time_and_ends_when_told(jobs, database_uri):
    put_jobs(jobs, 60, kind="paint")
    put_jobs(jobs, 0)
    command = [sys.executable, "-c", textwrap.dedent(WORKING), database_uri]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "0\n"
        assert wait_until(lambda: {job.attempts for job in waiting_jobs(jobs)} == {1}, 10)
        child.terminate()
        assert child.wait(10) == 0
    assert [job.kind for job in waiting_jobs(jobs)] == ["paint"]


KILLED = """
    import os, sys, time
    from homeport.db.session import Database
    from homeport.jobs.doing import Doer
    from homeport.jobs.registry import Registry
    from homeport.jobs.worker import JointPromise, Worker
    from homeport.settings import Settings

    def note(_database, _settings, payload):
        descriptor = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, b"%d\\n" % payload["number"])
        os.close(descriptor)
        time.sleep(0.002)

    Worker(Doer(Database(sys.argv[1]), Settings.from_env({}), Registry({"note": note}))).run()
    """


@pytest.mark.stack
def test_each_of_200_jobs_is_done_although_the_worker_is_killed_in_the_middle_of_them(jobs, database_uri, tmp_path):
    notes = tmp_path / "notes"
    notes.touch()
    put_jobs(jobs, *range(200))
    deaths = 0
    while waiting_jobs(jobs):
        before = notes.stat().st_size
        child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(KILLED), database_uri, str(notes)])
        try:
            assert wait_until(lambda at=before: notes.stat().st_size > at + 100 or not waiting_jobs(jobs), 30)
        finally:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
        deaths += 1
        time.sleep(0.01)
    done = [int(line) for line in notes.read_text().split()]
    assert deaths > 3
    assert set(done) == set(range(200))
    # Only what was under way at a death may have been done twice.
    assert len(done) <= 200 + deaths
