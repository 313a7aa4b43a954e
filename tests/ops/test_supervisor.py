import os
import signal
import subprocess
import sys

import pytest

from homeport.errors import UnavailableError
from homeport.ops import supervisor
from homeport.ops.supervisor import Keeper, Supervisor

BURIAL = """
import os, subprocess, sys
from homeport.ops.supervisor import bury_strangers

os.getpid = lambda: 1
own = subprocess.Popen([sys.executable, "-c", "raise SystemExit(7)"])
stranger = os.posix_spawnp("true", ["true"], os.environ)
for number in (own.pid, stranger):
    os.waitid(os.P_PID, number, os.WEXITED | os.WNOWAIT)
bury_strangers({own.pid})
assert own.wait() == 7
bury_strangers({own.pid})
try:
    os.waitpid(stranger, os.WNOHANG)
except ChildProcessError:
    print("buried")
"""


class FakeService:
    """A service that does what its test says, and remembers what was asked of it."""

    child = None

    def __init__(self, name="fake", *, faults=(), refusals=()):
        self.name = name
        self.faults = list(faults)
        self.refusals = list(refusals)
        self.calls = []

    def start(self):
        self.calls.append("start")
        if self.refusals:
            raise UnavailableError(self.refusals.pop(0))

    def fault(self, now):
        return self.faults.pop(0) if self.faults else ""

    def kill(self):
        self.calls.append("kill")

    def stop(self):
        self.calls.append("stop")


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_DELAY_SECONDS", 0.0)
    monkeypatch.setattr(supervisor, "LOOK_EVERY_SECONDS", 0.001)
    monkeypatch.setattr(supervisor, "LOOK_WHILE_STARTING_SECONDS", 0.001)


def stop_when(supervised: Supervisor, is_time) -> None:
    """Tell it to stop, by a signal as in real life, once it is time."""
    supervised.chore = lambda: os.kill(os.getpid(), signal.SIGTERM) if is_time() else None


@pytest.fixture(autouse=True)
def frequent_chores(monkeypatch):
    monkeypatch.setattr(supervisor, "CHORE_EVERY_SECONDS", 0.001)


def test_what_dies_is_cleared_away_and_started_again():
    service = FakeService(faults=["", "was ended by SIGKILL"])
    supervised = Supervisor([service])
    stop_when(supervised, lambda: service.calls.count("start") == 2)
    supervised.run(is_ready=lambda: True, on_ready=lambda: None)
    assert service.calls == ["start", "kill", "start", "stop"]


def test_what_cannot_be_started_at_first_ends_everything():
    first, second = FakeService(), FakeService(refusals=["no room"])
    with pytest.raises(UnavailableError, match="no room"):
        Supervisor([first, second]).run(is_ready=lambda: True, on_ready=lambda: None)
    assert first.calls == ["start", "stop"]
    assert second.calls == ["start", "stop"]


def test_what_cannot_be_started_again_is_tried_until_it_can():
    service = FakeService(faults=["died"])
    keeper = Keeper(service)
    keeper.start()
    keeper.look()
    service.refusals = ["busy", "still busy"]
    for _ in range(3):
        keeper._start_at = 0.0
        keeper.look()
    assert service.calls == ["start", "kill", "start", "start", "start"]
    assert keeper._start_at is None


def test_each_restart_is_told_by_the_name_of_the_service():
    told = []
    keeper = Keeper(FakeService("the web server", faults=["died"]), on_restart=told.append)
    keeper.start()
    keeper.look()
    assert told == []
    keeper.service.refusals = ["busy"]
    for _ in range(2):
        keeper._start_at = 0.0
        keeper.look()
    assert told == ["the web server"]


def test_readiness_is_told_once():
    told = []
    supervised = Supervisor([FakeService()])
    answers = [False, False, True, True, True]
    stop_when(supervised, lambda: bool(told))
    supervised.run(is_ready=lambda: answers.pop(0), on_ready=lambda: told.append(1))
    assert told == [1]


def test_services_end_in_the_order_in_which_they_started():
    order = []
    services = [FakeService(name) for name in ("web", "database")]
    for service in services:
        service.stop = lambda name=service.name: order.append(name)
    supervised = Supervisor(services)
    stop_when(supervised, lambda: True)
    supervised.run(is_ready=lambda: True, on_ready=lambda: None)
    assert order == ["web", "database"]


def test_the_signal_handlers_are_as_before_afterwards():
    before = signal.getsignal(signal.SIGTERM)
    supervised = Supervisor([FakeService()])
    stop_when(supervised, lambda: True)
    supervised.run(is_ready=lambda: True, on_ready=lambda: None)
    assert signal.getsignal(signal.SIGTERM) is before


def test_who_asks_twice_does_not_wait():
    service = FakeService()
    # Not SIGINT, which whoever starts the tests in the background may have told them to ignore.
    service.stop = lambda: os.kill(os.getpid(), signal.SIGTERM)
    supervised = Supervisor([service])
    stop_when(supervised, lambda: True)
    supervised.run(is_ready=lambda: True, on_ready=lambda: None)
    assert service.calls == ["start", "kill"]


def test_each_failure_soon_after_a_start_waits_longer(monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_DELAY_SECONDS", 0.1)
    keeper = Keeper(FakeService(faults=["died"] * 20))
    delays = []
    for _ in range(9):
        keeper.start()
        keeper.look()
        delays.append(round(keeper._delay, 3))
    assert delays[:3] == [0.1, 0.2, 0.4]
    assert delays[-1] == supervisor.LONGEST_DELAY_SECONDS


def test_a_failure_after_a_good_life_is_forgiven(monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_DELAY_SECONDS", 0.1)
    keeper = Keeper(FakeService(faults=["died"] * 20))
    for _ in range(5):
        keeper.start()
        keeper.look()
    keeper.start()
    keeper._started_at -= supervisor.GOOD_LIFE_SECONDS + 1
    keeper.look()
    assert keeper._delay == supervisor.FIRST_DELAY_SECONDS


def test_a_reason_that_stays_is_told_once(caplog):
    keeper = Keeper(FakeService(faults=["died"], refusals=[]))
    keeper.start()
    keeper.look()
    keeper.service.refusals = ["has no data"] * 5
    for _ in range(6):
        keeper._start_at = 0.0
        keeper.look()
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        "fake died; starting it again",
        "fake has no data; starting it again",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="the first process of a container is one of Linux")
def test_the_first_process_buries_strangers_and_leaves_its_own_to_who_started_them():
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", BURIAL], capture_output=True, text=True, check=False)
    assert ran.stdout == "buried\n", ran.stderr
