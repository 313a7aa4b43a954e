"""The workers of a real Gunicorn count, and a process beside them tells."""

import os
import signal
import socket
import urllib.request

import pytest

from homeport.ops import process
from homeport.ops.listening import listen
from homeport.ops.metrics.counters import CLASSES, Counters
from homeport.ops.metrics.service import MetricsService
from homeport.ops.services import LONGEST_STOP_SECONDS
from homeport.ops.webservice import WebService
from tests.factories.sites import HELLO, get, wait_until_serving, workers_of


@pytest.fixture
def counters():
    counters = Counters.create()
    yield counters
    counters.close()


@pytest.fixture
def environment(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "DATA_DIR": str(tmp_path / "data"),
        "DB_URI": f"postgresql://x@/y?host={tmp_path}",
        "FLASK_KEY": "a key that only tests use",
        "METRICS_PORT": str(port),
    }


@pytest.fixture
def metrics(counters, environment):
    service = MetricsService(counters, environment)
    yield service
    service.stop()


def ask(environment):
    with urllib.request.urlopen(f"http://127.0.0.1:{environment['METRICS_PORT']}/metrics") as answer:
        return answer.read().decode()


def is_told(environment):
    try:
        return bool(ask(environment))
    except OSError:
        return False


def test_it_tells_what_was_counted_until_it_is_stopped(metrics, counters, environment):
    counters.claim()("/", 200, 0.0)
    metrics.start()
    assert process.wait_until(lambda: is_told(environment), 30)
    assert metrics.fault(0.0) == ""
    assert 'homeport_requests_total{class="2xx"} 1\n' in ask(environment)
    metrics.stop()
    assert not is_told(environment)


def test_one_that_dies_is_told_and_can_be_started_again(metrics, environment):
    metrics.start()
    metrics.child.kill()
    assert process.wait_until(lambda: metrics.fault(0.0) == "was ended by SIGKILL", 30)
    metrics.kill()
    metrics.start()
    assert process.wait_until(lambda: is_told(environment), 30)


def test_one_that_stands_still_is_told_and_can_be_started_again(metrics, environment):
    metrics.start()
    metrics.child.send_signal(signal.SIGSTOP)
    assert process.wait_until(lambda: process.state_of(metrics.child.pid) == "T", 30)
    assert metrics.fault(100.0) == ""
    assert metrics.fault(100.1 + LONGEST_STOP_SECONDS) == "stands still"
    metrics.kill()
    metrics.start()
    assert metrics.fault(200.0) == ""
    assert process.wait_until(lambda: is_told(environment), 30)


def test_requests_are_counted_by_the_workers_that_answer_them_and_by_their_successors(counters, environment, tmp_path):
    (tmp_path / "tried_site.py").write_text("import textwrap\n" + "exec(textwrap.dedent('''" + HELLO + "'''))")
    [listener] = listen(["127.0.0.1"], 0)
    arguments = ["--module", "tried_site", "--counters", str(counters.descriptor)]
    web = WebService([listener], environment, arguments=arguments, keep=[counters.descriptor])
    web.start()
    try:
        assert wait_until_serving(web)
        for path in ("/", "/x", "/healthz"):
            get(web, path)
        assert process.wait_until(lambda: counted(counters) == 2, 30)
        for worker in workers_of(web):
            worker.send(9)
            worker.wait(10)
        assert b"hello" in get(web)
        assert process.wait_until(lambda: counted(counters) == 3, 30)
    finally:
        web.stop()
        listener.close()


def counted(counters):
    return dict(zip(CLASSES, counters.totals(), strict=False))["2xx"]
