"""For a moment after nginx has read its files again, its former workers still answer: that is no reason to write."""

from dataclasses import dataclass, replace

import pytest

from homeport.ops.edge.errors import NotServedError
from homeport.ops.edge.outside import Found
from homeport.ops.edge.state import Seen
from tests.ops.edge.ways import DoubleOutside
from tests.ops.edge.world import IMPATIENT


@dataclass
class FormerWorkers(DoubleOutside):
    """Answers the first few times as a worker would that knows nothing of the site."""

    looks: int = 0
    asks: int = 0

    def look(self, name: str, *, has_tls: bool, address: str = "") -> Seen:
        self.looks -= 1
        return Seen() if self.looks >= 0 else super().look(name, has_tls=has_tls, address=address)

    def ask(self, name: str, path: str, *, has_tls: bool) -> Found | None:
        self.asks -= 1
        return None if self.asks >= 0 else super().ask(name, path, has_tls=has_tls)


def patient(world, **answers):
    """Return a reconciler that waits as the real one does, before workers that are slow to go."""
    made = world.reconciler()
    made.outside = FormerWorkers(world.double, **answers)
    made.patience = replace(IMPATIENT, settle_seconds=30)
    world.double.writes.clear()
    return made


def test_what_former_workers_say_is_asked_again_before_anything_is_written(settled):
    assert patient(settled, looks=5).apply(lambda _: None).steps == ()
    assert settled.double.writes == []


def test_the_proof_is_asked_again_too(settled):
    assert patient(settled, asks=3).apply(lambda _: None).steps == ()
    assert settled.double.writes == []


def test_what_stays_wrong_is_said_all_the_same(settled):
    made = patient(settled, asks=1000)
    made.patience = IMPATIENT
    with pytest.raises(NotServedError, match="does not lead"):
        made.apply(lambda _: None)
