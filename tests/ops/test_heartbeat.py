import os
import threading
import time

import pytest

from homeport.ops import heartbeat
from homeport.ops.heartbeat import COMPLETE, LOADING, SERVING, Monitor, Pulse


@pytest.fixture
def both():
    """Both ends of a pulse."""
    monitor = Monitor()
    pulse = Pulse(os.dup(monitor.writing))
    monitor.handed_over()
    yield monitor, pulse
    monitor.close()
    pulse.close()


def test_a_loop_that_turns_serves(both):
    monitor, pulse = both
    pulse.beat()
    monitor.feel(time.monotonic())
    assert monitor.is_serving


def test_a_master_that_loads_lives_but_does_not_serve_yet(both, monkeypatch):
    monkeypatch.setattr(heartbeat, "LOADING_EVERY_SECONDS", 0.01)
    monitor, pulse = both
    later = time.monotonic() + heartbeat.LONGEST_PAUSE_SECONDS + 1
    pulse.begin()
    time.sleep(0.1)
    monitor.feel(later)
    assert not monitor.has_stopped(later)
    assert not monitor.is_serving
    pulse.loaded()
    assert not [thread for thread in threading.enumerate() if thread.name == "pulse"]


def test_a_master_that_serves_while_it_loads_the_rest_lives_too(both, monkeypatch):
    """On a slow machine that takes longer than any pause that is allowed; a restart would take as long again."""
    monkeypatch.setattr(heartbeat, "LOADING_EVERY_SECONDS", 0.01)
    monitor, pulse = both
    for state in (LOADING, SERVING):
        pulse.begin(state)
        time.sleep(0.1)
        pulse.loaded()
    later = time.monotonic() + heartbeat.LONGEST_PAUSE_SECONDS + 1
    monitor.feel(later)
    assert not monitor.has_stopped(later)
    assert (monitor.is_serving, monitor.is_complete) == (True, False)


def test_a_pause_is_felt_and_so_is_its_end(both):
    monitor, pulse = both
    pulse.beat()
    now = time.monotonic()
    monitor.feel(now)
    later = now + heartbeat.LONGEST_PAUSE_SECONDS + 1
    assert monitor.has_stopped(later)
    pulse.beat()
    monitor.feel(later)
    assert not monitor.has_stopped(later)


@pytest.mark.parametrize(("state", "has_stopped"), [(LOADING, True), (SERVING, True), (COMPLETE, False)])
def test_loading_for_ever_is_a_stop_too(both, state, has_stopped):
    monitor, pulse = both
    later = time.monotonic() + heartbeat.LONGEST_LOADING_SECONDS + 1
    pulse.beat(state)
    monitor.feel(later)
    assert monitor.has_stopped(later) is has_stopped


def test_beats_that_nobody_reads_hold_nobody_up(both):
    _, pulse = both
    for _ in range(100_000):
        pulse.beat()
