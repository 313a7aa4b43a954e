"""Numbers that several processes raise, and that no death of one of them takes back."""

import os

import pytest

from homeport.ops.metrics import counters as columns
from homeport.ops.metrics.counters import BOUNDS, CLASSES, ROWS, Counters


@pytest.fixture
def counters():
    made = Counters.create()
    yield made
    made.close()


def in_a_worker(counters, *observations):
    """Count in a process of its own, and let it die without a word."""
    number = os.fork()
    if number == 0:
        observe = counters.claim()
        for observation in observations:
            observe(*observation)
        os._exit(0)
    os.waitpid(number, 0)


def by_class(counters):
    return dict(zip(CLASSES, counters.totals(), strict=False))


def test_each_answer_is_counted_by_its_class(counters):
    observe = counters.claim()
    for status in (200, 200, 204, 304, 404, 500, 103):
        observe("/", status, 0.0)
    assert by_class(counters) == {"1xx": 1, "2xx": 3, "3xx": 1, "4xx": 1, "5xx": 1}
    assert counters.totals()[columns.NOT_MODIFIED] == 1


def test_answers_that_are_alike_may_be_counted_at_once(counters):
    counters.claim()("/", 304, 0.25, 40)
    assert by_class(counters)["3xx"] == 40
    totals = counters.totals()
    assert (totals[columns.NOT_MODIFIED], totals[columns.SECONDS]) == (40, 10.0)
    assert sum(totals[columns.FIRST_BOUND : columns.STORED]) == 40


def test_stored_pages_are_counted_whoever_has_answered_with_them(counters):
    observe = counters.claim()
    observe("/", 200, 0.25)
    observe("/", 200, 0.25, is_stored=True)
    observe("/", 304, 0.0, 40)
    assert counters.totals()[columns.STORED] == 41


def test_how_long_it_took_is_counted_up_to_the_bound(counters):
    observe = counters.claim()
    for seconds in (0.001, BOUNDS[0], 0.0051, 9.0, 11.0, 3600.0):
        observe("/", 200, seconds)
    totals = counters.totals()
    assert list(totals[columns.FIRST_BOUND :][: len(BOUNDS) + 1]) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]
    assert totals[columns.SECONDS] == pytest.approx(0.001 + BOUNDS[0] + 0.0051 + 9 + 11 + 3600)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_questions_about_health_are_nobodys_visit(counters, path):
    counters.claim()(path, 200, 0.1)
    assert sum(by_class(counters).values()) == 0


def test_a_successor_goes_on_where_a_dead_worker_ended(counters):
    for _ in range(3):
        in_a_worker(counters, ("/", 200, 0.5), ("/", 200, 0.5))
    assert by_class(counters)["2xx"] == 6
    assert counters.totals()[columns.STARTS] == 3
    rows = [counters._numbers[row * columns.ROW + columns.STARTS] for row in range(1, ROWS)]
    assert sorted(rows)[-2:] == [0, 3], "all three used the same row"


def test_two_workers_at_a_time_have_a_row_each(counters):
    observe = counters.claim()
    in_a_worker(counters, ("/", 200, 0.0))
    observe("/", 200, 0.0)
    assert by_class(counters)["2xx"] == 2
    assert [counters._numbers[row * columns.ROW + 1] for row in (1, 2, 3)] == [1, 1, 0]


def test_with_every_row_taken_a_worker_works_on_uncounted(counters, monkeypatch):
    monkeypatch.setattr(Counters, "_take", lambda *_: False)
    counters.claim()("/", 200, 0.0)
    assert sum(by_class(counters).values()) == 0


def test_restarts_are_counted_by_service(counters):
    for name in ("PostgreSQL", "PostgreSQL", "the web server", "somebody else"):
        counters.count_restart(name)
    assert counters.restarts() == {"the web server": 1, "PostgreSQL": 2, "the metrics": 0}
    assert counters.started_at > 1_700_000_000


def test_who_has_the_descriptor_sees_the_same_numbers(counters):
    again = Counters(os.dup(counters.descriptor))
    counters.claim()("/", 200, 0.0)
    assert by_class(again)["2xx"] == 1
    again.close()


def test_a_system_without_files_in_memory_has_one_without_a_name(monkeypatch):
    monkeypatch.delattr(os, "memfd_create")
    counters = Counters.create()
    in_a_worker(counters, ("/", 200, 0.0))
    assert by_class(counters)["2xx"] == 1
    counters.close()
