"""A host that loses power: every container and the engine itself are killed, and nobody does anything afterwards."""

import signal
import time

import pytest

from tests.stack.containers.author import Traffic
from tests.stack.containers.keeping import Belongings

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

LONGEST_SECONDS = 30.0


def test_the_site_comes_back_with_the_engine(engine, ours, author, fault_table):
    if not engine.is_ours:
        pytest.skip("the engine is not this run's to kill; STACK_ENGINE=disposable says that it is")
    belongings = Belongings.of(author)
    with Traffic(author).flowing() as traffic:
        struck_at = time.monotonic()
        victims = ours.first_processes()
        engine.kill()
        for victim in victims:
            victim.send(signal.SIGKILL)
        assert not author.reads()
        started_at = time.monotonic()
        engine.start()
        took = traffic.recovered_after(started_at)
    missing = author.missing()
    fault_table.add("the host loses power", took, traffic, since=struck_at, lost=len(missing))
    assert belongings.are_there(ours)
    assert took <= LONGEST_SECONDS * traffic.contention.factor
