"""Everything that can happen to a site, and how it is to come out of it, whichever way it is run."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from homeport.ops import process
from homeport.ops.process import ProcessId
from tests.stack.containers.author import PATIENCE_SECONDS, Author, Traffic
from tests.stack.containers.engine import Engine
from tests.stack.containers.faults import FaultTable
from tests.stack.containers.project import DATABASE, LOCAL, OURS, PLAN, SITE

LONGEST_SECONDS = 30.0
PAUSE_SECONDS = 10.0
OUTAGE_SECONDS = float(os.environ.get("OUTAGE_SECONDS", "60"))
"""How long the database is away under our file, elsewhere for a pause; who measures long outages asks for more."""

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
    """What is done to a site; `mend` is what somebody outside has to do before it can heal, after `lasts`.

    Its `victims` have to be gone before it counts as healed: with one of two workers the site may well go on.
    `impossible` says why it cannot happen where it is not tried.
    """

    name: str
    strike: Callable[[Any], object]
    victims: Callable[[Any], list[ProcessId]] = lambda _: []
    mend: Callable[[Any], object] = lambda _: None
    lasts: float = 0.0
    restarts: int | None = 0
    keeps_readers: bool = False
    impossible: Mapping[str, str] = field(default_factory=dict)


def run_out_of_memory(site: Any) -> None:
    inside = " ".join(site.shell(SITE, WORKERS_INSIDE).stdout.split())
    site.shell(SITE, EAT.format(workers=inside))


def signalled(name: str, number: int, victims: Callable[[Any], list[ProcessId]], **more: Any) -> Fault:
    """Return the fault of a signal to some processes."""

    def strike(site: Any) -> None:
        for victim in victims(site):
            victim.send(number)

    return Fault(name, strike, victims, **more)


NO_METRICS = "it tells no metrics"
NO_BOUND = "nothing bounds its memory but the machine's own"
FAULTS = (
    signalled("a worker is killed", signal.SIGKILL, lambda site: site.workers()[:1]),
    signalled("all workers stand still", signal.SIGSTOP, lambda site: site.workers()),
    signalled("Gunicorn's master is killed", signal.SIGKILL, lambda site: [site.master()]),
    signalled("Gunicorn's master stands still", signal.SIGSTOP, lambda site: [site.master()]),
    signalled(
        "the metrics stand still",
        signal.SIGSTOP,
        lambda site: [site.metrics()],
        impossible={PLAN: NO_METRICS, LOCAL: NO_METRICS},
    ),
    signalled(
        "the supervisor is killed",
        signal.SIGKILL,
        lambda site: [site.first_process(SITE)],
        mend=lambda site: site.start_again(),
        restarts=1,
    ),
    signalled("the database is killed", signal.SIGKILL, lambda site: [site.first_process(DATABASE)]),
    Fault(
        "the site runs out of memory",
        run_out_of_memory,
        lambda site: site.workers(),
        impossible={PLAN: NO_BOUND, LOCAL: NO_BOUND},
    ),
    Fault(
        "the database is away",
        lambda site: site.compose("stop", DATABASE),
        mend=lambda site: site.compose("start", DATABASE),
        lasts=OUTAGE_SECONDS,
        keeps_readers=True,
        impossible={LOCAL: "whoever stops it has it started again at once"},
    ),
    Fault(
        "the database stands still",
        lambda site: site.pause(DATABASE),
        mend=lambda site: site.unpause(DATABASE),
        lasts=PAUSE_SECONDS,
        keeps_readers=True,
    ),
    Fault(
        "the database's disk is full",
        lambda site: site.fill_disk(),
        mend=lambda site: site.make_room(),
        lasts=5.0,
        impossible={PLAN: "its volume is on the disk of the engine itself"},
    ),
    Fault(
        "the network to the database is cut",
        lambda site: site.cut_off(DATABASE),
        mend=lambda site: site.join_again(DATABASE),
        lasts=PAUSE_SECONDS,
        keeps_readers=True,
        impossible={LOCAL: "they talk through a file"},
    ),
)


POWER = "the host loses power"
POWER_AT_HOME = signalled(
    POWER,
    signal.SIGKILL,
    lambda site: site.first_processes(),
    mend=lambda site: site.start_again(),
    restarts=None,
)


def power_of(engine: Engine) -> Fault:
    """Return the fault of every container killed with the engine that runs them."""

    def strike(site: Any) -> None:
        victims = site.first_processes()
        engine.kill()
        for victim in victims:
            victim.send(signal.SIGKILL)

    return Fault(POWER, strike, mend=lambda _: engine.start(), lasts=0.5, restarts=None)


def faults_of(shape: str) -> list[Fault]:
    """Return what can happen to a site that is run so."""
    return [fault for fault in FAULTS if shape not in fault.impossible]


def suffer(fault: Fault, site: Any, author: Author, table: FaultTable) -> None:
    """Strike while somebody reads and writes, see it heal in time, and find every word that was kept."""
    restarts, refusals = site.restarts(SITE), len(author.refusals)
    with Traffic(author).flowing() as traffic:
        victims = fault.victims(site)
        struck_at = time.monotonic()
        fault.strike(site)
        if fault.lasts:
            time.sleep(fault.lasts if site.shape == OURS else min(fault.lasts, PAUSE_SECONDS))
        ends_at = time.monotonic()
        fault.mend(site)
        mended_at = time.monotonic() if fault.lasts else struck_at
        assert process.wait_until(lambda: not any(victim.is_alive() for victim in victims), PATIENCE_SECONDS)
        took = traffic.recovered_after(mended_at)
    missing = author.missing()
    table.add(f"{fault.name} | {site.shape}", took, traffic, since=struck_at, lost=len(missing))
    assert missing == set()
    if fault.keeps_readers:
        assert traffic.count(is_write=False, is_good=False, since=struck_at, until=ends_at) == 0
        assert {answer.status for answer in author.refusals[refusals:]} <= {503}
    # Where the processors are not ours alone, everything takes its time in proportion.
    assert took <= LONGEST_SECONDS * traffic.contention.factor
    assert fault.restarts in (None, site.restarts(SITE) - restarts)
    assert process.wait_until(lambda: site.is_healthy(SITE), 60)


def impossible() -> list[str]:
    """Return what is not tried and why, a line for each."""
    found = [(fault.name, *each) for fault in FAULTS for each in fault.impossible.items()]
    found.append(("the clock jumps", LOCAL, "that of the whole machine would have to"))
    return [f"- {name}, with {shape}: {reason}." for name, shape, reason in found]
