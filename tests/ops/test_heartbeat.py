import os
import threading
import time

import pytest

from homeport.ops import heartbeat
from homeport.ops.heartbeat import LOADING, Monitor, Pulse


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


def test_loading_for_ever_is_a_stop_too(both):
    monitor, pulse = both
    later = time.monotonic() + heartbeat.LONGEST_LOADING_SECONDS + 1
    pulse.beat(LOADING)
    monitor.feel(later)
    assert monitor.has_stopped(later)


def test_beats_that_nobody_reads_hold_nobody_up(both):
    _, pulse = both
    for _ in range(100_000):
        pulse.beat()
