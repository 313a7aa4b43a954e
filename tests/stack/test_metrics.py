"""A whole site that is watched: its port for metrics, what it tells after a kill, and the public port without them."""

import socket
import time
import urllib.request

import pytest

from homeport.ops import probe, process

pytestmark = pytest.mark.stack


def told(port: int) -> dict[str, float]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
    except OSError:
        return {}
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def test_a_site_tells_how_it_is_and_goes_on_counting_after_its_web_server_was_killed(stack):
    port = free_port()
    stack.environment["METRICS_PORT"] = str(port)
    assert stack.up().returncode == 0
    assert process.wait_until(lambda: told(port).get("homeport_database_up") == 1, 60)
    before = told(port)
    assert before["homeport_stored_total"] == 0
    assert before['homeport_restarts_total{service="the web server"}'] == 0
    assert probe.ask(("127.0.0.1", stack.port), "/", seconds=10).status == 200
    assert process.wait_until(lambda: told(port)['homeport_requests_total{class="2xx"}'] == 1, 30)
    assert probe.ask(("127.0.0.1", stack.port), "/", seconds=10).status == 200
    assert process.wait_until(lambda: told(port)["homeport_stored_total"] == 1, 30)

    stack.master().send(9)
    assert process.wait_until(lambda: told(port)['homeport_restarts_total{service="the web server"}'] == 1, 60)
    assert stack.wait_until_ready()
    assert probe.ask(("127.0.0.1", stack.port), "/metrics", seconds=10).status == 404
    assert process.wait_until(lambda: told(port)['homeport_requests_total{class="4xx"}'] == 1, 30)
    after = told(port)
    assert after['homeport_requests_total{class="2xx"}'] == 2
    assert after['homeport_memory_bytes{process="site"}'] > 10_000_000
    assert after["homeport_start_time_seconds"] == before["homeport_start_time_seconds"] < time.time()


def test_a_site_that_nobody_watches_tells_nothing(stack):
    assert stack.up().returncode == 0
    assert probe.ask(("127.0.0.1", stack.port), "/metrics", seconds=10).status == 404
