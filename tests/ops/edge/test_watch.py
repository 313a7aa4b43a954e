"""A reconciler that outlives everything that goes wrong."""

import logging
import threading
from datetime import timedelta

import pytest

from homeport.ops.edge import watch as watch_module
from homeport.ops.edge.errors import ProxyAwayError
from homeport.ops.edge.watch import watch
from tests.ops.edge.authority import RATE_LIMIT


class Stop(threading.Event):
    """Counts the pauses instead of making them, and stops after some."""

    def __init__(self, after):
        super().__init__()
        self.after = after
        self.pauses = []

    def wait(self, timeout=None):
        self.pauses.append(timeout)
        if len(self.pauses) == self.after:
            self.set()
        return self.is_set()


@pytest.fixture(autouse=True)
def said(caplog):
    caplog.set_level(logging.INFO, logger="homeport.edge")
    return caplog


def test_it_applies_at_start_and_every_hour(fresh, said):
    stop = Stop(3)
    watch(fresh.reconciler, stop)
    assert stop.pauses == [3600.0] * 3
    assert said.messages.count("the edge is as declared") == 3
    assert fresh.plan() == []


def test_drift_is_mended_the_next_hour(settled):
    settled.double.hosts[4]["caching_enabled"] = True
    watch(settled.reconciler, Stop(1))
    assert settled.double.hosts[4]["caching_enabled"] is False


def test_what_fails_is_told_and_tried_again_sooner_at_first(fresh, said):
    fresh.outside.elsewhere["example.org"] = "nowhere"
    stop = Stop(5)
    watch(fresh.reconciler, stop)
    assert stop.pauses == [15.0, 60.0, 300.0, 3600.0, 3600.0]
    errors = [record.getMessage() for record in said.records if record.levelno == logging.ERROR]
    assert len(errors) == 5
    assert errors[0].startswith("example.org has no address in the DNS. Correct the A and AAAA records")


def test_what_nobody_thought_of_does_not_end_it(said):
    def fail():
        raise ZeroDivisionError

    stop = Stop(2)
    watch(fail, stop)
    assert len(stop.pauses) == 2
    assert "the edge could not be brought to what is declared" in said.messages


def test_a_limit_of_the_authority_is_waited_for_and_the_rest_goes_on(settled, said):
    until = settled.clock() + timedelta(days=72)
    settled.clock.pass_days(70)
    settled.authority.refusals.append(RATE_LIMIT.format(until=f"{until:%Y-%m-%d %H:%M:%S}"))
    settled.double.writes.clear()
    watch(settled.reconciler, Stop(3))
    assert settled.double.writes == ["POST /nginx/certificates/3/renew"]
    settled.double.hosts[4]["caching_enabled"] = True
    settled.clock.pass_days(3)
    watch(settled.reconciler, Stop(1))
    assert settled.plan() == []


def test_a_proxy_that_does_not_start_is_told(fresh, said, monkeypatch):
    def never(seconds=0):
        raise ProxyAwayError("the proxy does not answer", hint="Start it.")

    reconciler = fresh.reconciler()
    reconciler.wait_for_proxy = never
    watch(lambda: reconciler, Stop(1))
    assert said.messages == ["the proxy does not answer. Start it."]


def test_each_look_is_noted_down(settled):
    noted = []
    watch(settled.reconciler, Stop(1), note=noted.append)
    assert noted[0]["alarms"] == noted[0]["drift"] == ()
    assert noted[0]["certificate_ends_at"].startswith("20")


def test_what_failed_is_noted_down(fresh):
    noted = []
    fresh.outside.elsewhere["example.org"] = "nowhere"
    watch(fresh.reconciler, Stop(1), note=noted.append)
    assert noted == [{"error": "example.org has no address in the DNS"}]


def test_it_stops_when_it_is_told():
    stop = Stop(1)
    stop.set()
    watch(lambda: pytest.fail("nothing is to be done any more"), stop)
    assert watch_module.INTERVAL_SECONDS == 3600
