"""`homeport deploy`: what it refuses before anything is touched; the deploy itself is tried with containers."""

import fcntl

import pytest

from homeport.cli import deploy as command
from homeport.ops.deploy.rollout import Times


@pytest.fixture
def stack(tmp_path):
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    return tmp_path


@pytest.fixture
def deployed(monkeypatch):
    """What a deploy was asked to do."""
    calls = []
    monkeypatch.setattr(command, "deploy", lambda stack, _way, _say, times: calls.append((stack.folder, times)))
    return calls


def test_times_can_be_given(run, stack, deployed):
    assert run("deploy", str(stack), "--patience", "5", "--overlap", "1").code == 0
    assert deployed == [(stack, Times(5, 1))]


def test_two_ways_to_an_image_are_one_too_many(run, stack, deployed):
    assert run("deploy", str(stack), "--pull", "--image", "homeport:former").code == 2
    assert deployed == []


def test_it_needs_a_stack(run, tmp_path, deployed):
    refused = run("deploy", str(tmp_path / "nothing"))
    assert refused.code == 3
    assert "compose.yaml is not there" in refused.err
    assert deployed == []


def test_two_deploys_at_once_are_refused(run, stack, deployed):
    with (stack / "compose.yaml").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        refused = run("deploy", str(stack))
    assert refused.code == 5
    assert deployed == []
