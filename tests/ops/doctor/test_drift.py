"""An edge that differs from its declaration is found, asked itself or through the reconciler's note."""

from datetime import UTC, datetime, timedelta

import pytest

from homeport.errors import UnavailableError
from homeport.ops.doctor.findings import NotApplicableError
from homeport.ops.edge.status import EdgeStatus
from homeport.ops.notes import EDGE, write_note


def status(drift=(), alarms=()):
    return lambda: EdgeStatus("2.15.1", (), (), drift, alarms, ())


def note(world, age=timedelta(), **facts):
    write_note(world.patient.notes, EDGE, facts, at=datetime.now(UTC) - age)


def test_what_the_proxy_itself_shows_comes_before_any_note(world):
    note(world, drift=["an old story"])
    world.change(edge_status=status())
    assert world.look("edge") == []
    world.change(edge_status=status(("change host 4",), ("example.org is not served",)))
    assert [finding.what for finding in world.look("edge")] == [
        "example.org is not served",
        "the edge differs from what is declared: change host 4",
    ]


def test_a_proxy_that_cannot_be_asked_is_found(world):
    def away():
        raise UnavailableError("the proxy does not answer", hint="Start it.")

    world.change(edge_status=away)
    [finding] = world.look("edge")
    assert finding.what.endswith("the proxy does not answer")
    assert finding.remedy == "Start it."


def test_drift_in_the_note_is_found(world):
    note(world, drift=["change host 4"], alarms=["example.org is not served"])
    assert len(world.look("edge")) == 2


def test_a_reconciler_that_fails_is_found(world):
    note(world, error="no address in the DNS")
    [finding] = world.look("edge")
    assert finding.what.endswith("no address in the DNS")


def test_a_reconciler_that_is_silent_is_found(world):
    note(world, age=timedelta(hours=5))
    [finding] = world.look("edge")
    assert finding.what == "the reconciler has not looked at the edge for 5 hours"


def test_without_note_or_declaration_there_is_no_edge_to_look_at(world):
    (world.patient.notes / "edge.json").unlink()
    with pytest.raises(NotApplicableError):
        world.look("edge")
