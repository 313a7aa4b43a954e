"""One job at a time, against a table that is really written to."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from homeport.jobs.doing import Doer
from homeport.jobs.errors import HopelessJobError
from homeport.jobs.queries import list_failed_jobs
from homeport.jobs.queue import enqueue
from homeport.jobs.registry import Registry
from tests.factories.jobs import put_jobs, waiting_jobs


@pytest.fixture
def done() -> list[int]:
    return []


@pytest.fixture
def make_doer(jobs, settings, done):
    def make(handler=None, **options):
        def note(_database, _settings, payload):
            done.append(payload["number"])

        return Doer(jobs, settings, Registry({"note": handler or note}, **options))

    return make


class TestDoing:
    def test_jobs_are_done_in_order_and_forgotten(self, jobs, make_doer, done):
        put_jobs(jobs, 1, 2, 3)
        doer = make_doer()
        while doer.do_next():
            pass
        assert done == [1, 2, 3]
        assert waiting_jobs(jobs) == []

    def test_a_job_is_held_while_it_is_done(self, jobs, make_doer, done):
        others = make_doer()

        def look_for_more(_database, _settings, payload):
            with jobs.transaction() as session:
                assert session.execute(text("select id from job for update skip locked")).all() == []
            assert not others.do_next()
            done.append(payload["number"])

        put_jobs(jobs, 7)
        assert make_doer(look_for_more).do_next()
        assert done == [7]

    def test_a_failure_is_written_down_and_tried_again(self, jobs, make_doer, caplog):
        def fail(*_):
            raise ValueError("no room")

        put_jobs(jobs, 1)
        make_doer(fail).do_next()
        [job] = waiting_jobs(jobs)
        assert (job.attempts, job.error) == (1, "ValueError: no room")
        assert "no room" in caplog.text

    def test_a_hopeless_job_is_not_tried_again(self, jobs, make_doer):
        def fail(*_):
            raise HopelessJobError("nobody lives there.", hint="Check the address.")

        put_jobs(jobs, 1)
        make_doer(fail).do_next()
        with jobs.reader() as connection:
            [letter] = list_failed_jobs(connection)
        assert (letter.attempts, letter.error) == (1, "nobody lives there. Check the address.")

    def test_a_kind_that_nobody_knows_is_a_dead_letter(self, jobs, make_doer):
        put_jobs(jobs, 1, kind="juggle")
        make_doer().do_next()
        with jobs.reader() as connection:
            assert "juggle" in list_failed_jobs(connection)[0].error

    def test_what_a_failed_handler_has_changed_is_its_own_affair_but_the_try_counts(self, jobs, make_doer):
        def fail(database, _settings, _payload):
            with database.transaction() as session:
                enqueue(session, "left behind", {})
                session.flush()
                raise ValueError("no room")

        put_jobs(jobs, 1)
        make_doer(fail).do_next()
        assert [(job.kind, job.attempts) for job in waiting_jobs(jobs)] == [("note", 1)]


class TestRecurring:
    def test_the_next_one_waits_from_the_start_and_only_once(self, jobs, make_doer):
        for _ in range(2):
            make_doer(recurring={"note": timedelta(hours=1)}).plan_recurring()
        [job] = waiting_jobs(jobs)
        assert (job.kind, job.payload) == ("note", {})

    def test_one_that_is_done_is_followed_by_the_next(self, jobs, make_doer):
        doer = make_doer(lambda *_: None, recurring={"note": timedelta(hours=1)})
        put_jobs(jobs, 1)
        assert doer.do_next()
        [job] = waiting_jobs(jobs)
        assert job.key == "recurring note"


class TestLanes:
    def test_slow_jobs_do_not_stand_in_the_way_of_quick_ones(self, jobs, make_doer, done):
        doer = make_doer(slow=frozenset({"paint"}))
        put_jobs(jobs, 1, kind="paint")
        put_jobs(jobs, 2)
        assert doer.do_next()
        assert not doer.do_next()
        assert done == [2]

    def test_the_slow_lane_does_only_slow_jobs(self, jobs, settings, done):
        registry = Registry({"paint": lambda *_: done.append(1)}, slow=frozenset({"paint"}))
        slow = Doer(jobs, settings, registry, slow=True)
        put_jobs(jobs, 2)
        assert not slow.do_next()
        put_jobs(jobs, 1, kind="paint")
        assert slow.do_next()
        assert done == [1]
