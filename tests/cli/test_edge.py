"""The commands about the edge, as typed."""

import json

import pytest

from homeport.cli import edge as edge_command
from homeport.ops.edge.reconciler import Reconciler
from homeport.ops.notes import EDGE, read_note
from tests.ops.edge.authority import REFUSED_CHALLENGE
from tests.ops.edge.world import World, declare


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A proxy behind the commands, and a valid declaration before them."""
    made = World.of(declare(tmp_path))
    monkeypatch.setattr(Reconciler, "of", lambda _: made.reconciler())
    monkeypatch.setenv("SITE_URL", "https://example.org")
    monkeypatch.setenv("EDGE_EMAIL", "me@example.org")
    monkeypatch.setenv("EDGE_PASSWORD_FILE", str(tmp_path / "npm_password"))
    return made


@pytest.fixture
def edge(run, world, monkeypatch):
    """Run a command of the edge; `run` takes SITE_URL away, so it is set anew."""
    monkeypatch.setenv("SITE_URL", "https://example.org")
    return lambda *arguments: run("edge", *arguments)


def test_a_plan_is_printed_and_nothing_is_written(edge, world):
    ran = edge("plan")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "1. make ourselves the proxy's administrator, before anybody else does"
    assert "Note: While the site is down" in ran.out
    assert world.double.writes == []
    planned = json.loads(edge("plan", "--json").out)
    assert planned["steps"][0]["kind"] == "Claim"


def test_apply_says_what_it_does_and_what_is_proven(edge, world):
    ran = edge("apply")
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "The edge is as declared, seen from outside."
    assert "- have a certificate issued for example.org, www.example.org" in ran.out
    assert edge("apply").out == "The edge is as declared, seen from outside. Nothing was written.\n"
    assert json.loads(edge("apply", "--json").out)["done"] == []
    assert edge("plan").out.startswith("The proxy is as declared; there is nothing to do.")


def test_what_is_refused_is_one_sentence_and_a_remedy(edge, world):
    world.authority.refusals.append(REFUSED_CHALLENGE.format(name="example.org"))
    ran = edge("apply")
    assert ran.code == 6
    assert ran.err.startswith(
        "error: the authority refuses a certificate for example.org, www.example.org: 203.0.113.9:"
    )
    assert "The site goes on as it was." in ran.err


def test_status_tells_drift_and_alarms_apart_by_its_exit_code(edge, world):
    world.apply()
    assert edge("status").code == 0
    world.double.hosts[4]["caching_enabled"] = True
    ran = edge("status")
    assert ran.code == 5
    assert "Differs: change host 4" in ran.out
    world.clock.pass_days(70)
    ran = edge("status")
    assert ran.code == 6
    assert "Alarm: the certificate of example.org ends on" in ran.out


def test_status_is_there_for_machines(edge, world):
    world.apply()
    found = json.loads(edge("status", "--json").out)
    assert found["hosts"][0]["days_left"] == 90
    assert found["alarms"] == []


def test_a_wrong_declaration_is_told_before_anything_is_asked(edge, world, monkeypatch):
    monkeypatch.delenv("EDGE_EMAIL")
    monkeypatch.setenv("EDGE_STALE_HOURS", "ever")
    for command in ("plan", "apply", "status", "watch"):
        ran = edge(command)
        assert ran.code == 7
        assert "tls.email is not set" in ran.err
        assert "EDGE_STALE_HOURS" in ran.err
    assert world.double.requests == []


def test_watching_goes_on_until_it_is_told_to_stop(edge, world, monkeypatch, tmp_path):
    seen = []

    def look_once(make, stop, interval_seconds, note):
        seen.append((make(), interval_seconds))
        note({"alarms": []})

    monkeypatch.setattr(edge_command, "watch", look_once)
    monkeypatch.setattr(edge_command.signal, "signal", lambda *_: None)
    assert edge("watch", "--every", "60").code == 0
    assert seen[0][1] == 60
    assert read_note(tmp_path / "data" / "notes", EDGE).facts["alarms"] == []


def test_a_note_that_cannot_be_written_ends_nothing(edge, world, monkeypatch, tmp_path):
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "notes").write_text("in the way")
    monkeypatch.setattr(edge_command, "watch", lambda make, stop, interval_seconds, note: note({}))
    monkeypatch.setattr(edge_command.signal, "signal", lambda *_: None)
    assert edge("watch").code == 0
