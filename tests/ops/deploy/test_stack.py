"""What a deploy reads in the compose file."""

from pathlib import Path

import yaml

from homeport.ops.deploy.stack import Stack

FILE = Path(__file__).parents[3] / "compose.yaml"


def test_everything_of_ours_that_is_not_started_by_hand_is_started_anew(monkeypatch):
    monkeypatch.setattr(Stack, "_config", lambda _: yaml.safe_load(FILE.read_text(encoding="utf-8")))
    assert sorted(Stack(FILE.parent).companions()) == ["backup", "edge", "jobs", "proof"]
