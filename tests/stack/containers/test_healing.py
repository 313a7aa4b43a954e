"""Everything that can be killed, stopped or cut off, under reads and writes: back in time, and no written word lost."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from homeport.ops import process
from homeport.ops.process import ProcessId
from tests.stack.containers.author import PATIENCE_SECONDS, Traffic
from tests.stack.containers.project import DATABASE, SITE, Project

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

LONGEST_SECONDS = 30.0
OUTAGE_SECONDS = 15.0

# A process of the container that takes all the memory it can have; the kernel prefers to end the workers.
EAT = """
for worker in {workers}; do echo 1000 > /proc/$worker/oom_score_adj; done
timeout 60 python -c "
held = []
while True: held.append(bytearray(8 << 20))
"
"""
WORKERS_INSIDE = "for child in $(cat /proc/1/task/1/children); do cat /proc/$child/task/*/children; done"


@dataclass(frozen=True)
class Fault:
    """What is done to the stack; `mend` is what somebody outside has to do before it can heal, after `lasts`.

    Its `victims` have to be gone before it counts as healed: with one of two workers the site may well go on.
    """

    name: str
    strike: Callable[[Project], object]
    victims: Callable[[Project], list[ProcessId]] = lambda _: []
    mend: Callable[[Project], object] = lambda _: None
    lasts: float = 0.0
    seconds: float = LONGEST_SECONDS
    restarts: int = 0


def run_out_of_memory(project):
    inside = " ".join(project.shell(SITE, WORKERS_INSIDE).stdout.split())
    project.shell(SITE, EAT.format(workers=inside))


def fill_disk(project):
    filled = project.shell(DATABASE, "cat /dev/zero > /var/lib/postgresql/filler")
    assert "No space left" in filled.stderr


def signalled(name: str, number: int, victims: Callable[[Project], list[ProcessId]], restarts: int = 0) -> Fault:
    """Return the fault of a signal to some processes."""

    def strike(project):
        for victim in victims(project):
            victim.send(number)

    return Fault(name, strike, victims, restarts=restarts)


FAULTS = (
    signalled("a worker is killed", signal.SIGKILL, lambda project: project.workers()[:1]),
    signalled("all workers stand still", signal.SIGSTOP, Project.workers),
    signalled("Gunicorn's master is killed", signal.SIGKILL, lambda project: [project.master()]),
    signalled("Gunicorn's master stands still", signal.SIGSTOP, lambda project: [project.master()]),
    signalled("the metrics stand still", signal.SIGSTOP, lambda project: [project.metrics()]),
    signalled("the supervisor is killed", signal.SIGKILL, lambda project: [project.first_process(SITE)], restarts=1),
    signalled("the database is killed", signal.SIGKILL, lambda project: [project.first_process(DATABASE)]),
    Fault("the site runs out of memory", run_out_of_memory, Project.workers),
    Fault(
        "the database is away",
        lambda project: project.compose("stop", DATABASE),
        mend=lambda project: project.compose("start", DATABASE),
        lasts=OUTAGE_SECONDS,
    ),
    Fault(
        "the database stands still",
        lambda project: project.compose("pause", DATABASE),
        mend=lambda project: project.compose("unpause", DATABASE),
        lasts=OUTAGE_SECONDS,
    ),
    Fault(
        "the database's disk is full",
        fill_disk,
        mend=lambda project: (project.disk / "filler").unlink(),
        lasts=5.0,
    ),
    Fault(
        "the network to the database is cut",
        lambda project: project.network("disconnect", DATABASE, "data"),
        mend=lambda project: project.network("connect", DATABASE, "data"),
        lasts=OUTAGE_SECONDS,
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_it_comes_back_in_time_with_every_word_that_was_kept(ours, author, fault, fault_table):
    restarts = ours.restarts(SITE)
    with Traffic(author).flowing() as traffic:
        victims = fault.victims(ours)
        struck_at = time.monotonic()
        fault.strike(ours)
        if fault.lasts:
            time.sleep(fault.lasts)
        fault.mend(ours)
        mended_at = time.monotonic() if fault.lasts else struck_at
        assert process.wait_until(lambda: not any(victim.is_alive() for victim in victims), PATIENCE_SECONDS)
        took = traffic.recovered_after(mended_at)
    missing = author.missing()
    fault_table.add(fault.name, took, traffic, since=struck_at, lost=len(missing))
    assert missing == set()
    # Where the processors are not ours alone, everything takes its time in proportion.
    assert took <= fault.seconds * traffic.contention.factor
    assert ours.restarts(SITE) - restarts == fault.restarts
    assert process.wait_until(lambda: ours.is_healthy(SITE), 60)
