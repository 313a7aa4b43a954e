"""Everything that can be killed, stopped or cut off, under reads and writes: back in time, and no written word lost."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from homeport.ops import process
from tests.stack.containers.author import Traffic
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
WORKERS_INSIDE = "cat /proc/$(cut -d' ' -f1 /proc/1/task/1/children)/task/*/children"


@dataclass(frozen=True)
class Fault:
    """What is done to the stack; `mend` is what somebody outside has to do before it can heal, after `lasts`."""

    name: str
    strike: Callable[[Project], object]
    mend: Callable[[Project], object] = lambda _: None
    lasts: float = 0.0
    seconds: float = LONGEST_SECONDS
    restarts: int = 0


def run_out_of_memory(project):
    before = project.workers()
    inside = " ".join(project.shell(SITE, WORKERS_INSIDE).stdout.split())
    project.shell(SITE, EAT.format(workers=inside))
    assert not any(worker.is_alive() for worker in before), "the kernel has spared the workers"


def fill_disk(project):
    filled = project.shell(DATABASE, "cat /dev/zero > /var/lib/postgresql/filler")
    assert "No space left" in filled.stderr


def send(number: int, *whom: Callable[[Project], object]) -> Callable[[Project], object]:
    """Return what sends the signal to one process, or to several."""

    def strike(project):
        for find in whom:
            found = find(project)
            for each in found if isinstance(found, list) else [found]:
                each.send(number)

    return strike


def database_process(project):
    return project.first_process(DATABASE)


FAULTS = (
    Fault("a worker is killed", send(signal.SIGKILL, lambda project: project.workers()[0])),
    Fault("all workers stand still", send(signal.SIGSTOP, Project.workers)),
    Fault("Gunicorn's master is killed", send(signal.SIGKILL, Project.master)),
    Fault("Gunicorn's master stands still", send(signal.SIGSTOP, Project.master)),
    Fault("the supervisor is killed", send(signal.SIGKILL, lambda project: project.first_process(SITE)), restarts=1),
    Fault("the site runs out of memory", run_out_of_memory),
    Fault("the database is killed", send(signal.SIGKILL, database_process)),
    Fault(
        "the database is away",
        lambda project: project.compose("stop", DATABASE),
        lambda project: project.compose("start", DATABASE),
        lasts=OUTAGE_SECONDS,
    ),
    Fault(
        "the database stands still",
        lambda project: project.compose("pause", DATABASE),
        lambda project: project.compose("unpause", DATABASE),
        lasts=OUTAGE_SECONDS,
    ),
    Fault(
        "the database's disk is full",
        fill_disk,
        lambda project: (project.disk / "filler").unlink(),
        lasts=5.0,
    ),
    Fault(
        "the network to the database is cut",
        lambda project: project.network("disconnect", DATABASE, "data"),
        lambda project: project.network("connect", DATABASE, "data"),
        lasts=OUTAGE_SECONDS,
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_it_comes_back_in_time_with_every_word_that_was_kept(ours, author, fault, fault_table):
    restarts = ours.restarts(SITE)
    with Traffic(author).flowing() as traffic:
        struck_at = time.monotonic()
        fault.strike(ours)
        if fault.lasts:
            time.sleep(fault.lasts)
        fault.mend(ours)
        mended_at = time.monotonic() if fault.lasts else struck_at
        took = traffic.recovered_after(mended_at)
    missing = author.missing()
    fault_table.add(fault.name, took, traffic, since=struck_at, lost=len(missing))
    assert missing == set()
    # Where the processors are not ours alone, everything takes its time in proportion.
    assert took <= fault.seconds * traffic.contention.factor
    assert ours.restarts(SITE) - restarts == fault.restarts
    assert process.wait_until(lambda: ours.is_healthy(SITE), 60)
