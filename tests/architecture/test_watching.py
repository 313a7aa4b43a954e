"""The dashboard and the alert rules ask for what is told, and lead to sections that exist."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from homeport.ops.metrics.catalogue import HISTOGRAM, METRICS
from homeport.ops.metrics.counters import CLASSES, SERVICES

ROOT = Path(__file__).parents[2]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "dashboard.json").read_text(encoding="utf-8"))
ALERTS = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yaml").read_text(encoding="utf-8"))
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
RUNBOOK = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
PARTS = ("_bucket", "_sum", "_count")


def told() -> set[str]:
    """Return every name under which Prometheus knows a number."""
    single = {metric.full_name for metric in METRICS if metric.kind != HISTOGRAM}
    return single | {metric.full_name + part for metric in METRICS if metric.kind == HISTOGRAM for part in PARTS}


def expressions() -> Iterator[tuple[str, str]]:
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for annotation in DASHBOARD["annotations"]["list"]:
        yield annotation["name"], annotation["expr"]
    for rule in RULES:
        yield rule["alert"], rule["expr"]


EXPRESSIONS = list(expressions())


@pytest.mark.parametrize(("place", "expression"), EXPRESSIONS, ids=[place for place, _ in EXPRESSIONS])
def test_only_what_is_told_is_asked_for(place, expression):
    names = set(re.findall(r"homeport_\w+", expression))
    assert names
    assert names <= told()


def test_everything_that_is_told_is_shown_or_watched():
    asked = {name for _, expression in EXPRESSIONS for name in re.findall(r"homeport_\w+", expression)}
    assert told() - asked == set()


@pytest.mark.parametrize(("place", "expression"), EXPRESSIONS, ids=[place for place, _ in EXPRESSIONS])
def test_labels_have_values_that_exist(place, expression):
    for value in re.findall(r'class="([^"]*)"', expression):
        assert value in CLASSES
    for values in re.findall(r'service=~"([^"]*)"', expression):
        assert set(values.split("|")) <= set(SERVICES)
    assert expression.count("(") == expression.count(")")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_leads_to_a_section_of_the_runbook(rule: dict[str, Any]):
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert page == "docs/operations.md"
    assert anchor in {heading.lower().replace(" ", "-") for heading in re.findall(r"(?m)^## (.+)$", RUNBOOK)}
    assert rule["labels"]["severity"] in ("page", "warn")


def test_no_two_panels_lie_upon_each_other():
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
