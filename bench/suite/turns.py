"""Measures several targets in turns, so that what disturbs the machine disturbs all of them."""

import statistics
from collections.abc import Mapping, Sequence

from suite.load import Load, load, weigh
from suite.rows import Row, of_rounds
from suite.target import Target

Rounds = Mapping[str, Sequence[Load]]


def in_turns(targets: Sequence[Target], *, rounds: int, seconds: float, connections: int = 16) -> Rounds:
    """Load each of them once a round; every other round goes backwards."""
    found: dict[str, list[Load]] = {target.name: [] for target in targets}
    for number in range(rounds):
        for target in targets if number % 2 == 0 else targets[::-1]:
            found[target.name].append(load(target, seconds=seconds, connections=connections))
    return found


def cost_rows(rounds: Rounds, reach: Mapping[str, str]) -> list[Row]:
    """Return CPU time, rate, latencies and errors of each target."""
    rows = []
    for name, loads in rounds.items():
        split = " ".join(map(str, loads[-1].split))
        cpu = [each.cpu_ms for each in loads]
        rows += [
            of_rounds(f"{name}: CPU", cpu, "ms", reach.get(name, ""), f"connections by process: {split}"),
            of_rounds(f"{name}: rate", [each.rate for each in loads], "/s"),
            of_rounds(f"{name}: p50", [each.p50_ms for each in loads], "ms"),
            of_rounds(f"{name}: p99", [each.p99_ms for each in loads], "ms"),
        ]
        errors = sum(each.errors for each in loads)
        if errors:
            rows.append(Row(f"{name}: errors", errors, "", "<= 0"))
    return rows


def ratio_row(name: str, above: Sequence[Load], below: Sequence[Load], reach: str = "") -> Row:
    """Return how many times the CPU time of one is the other's, round by round."""
    ratios = [each.cpu_ms / other.cpu_ms for each, other in zip(above, below, strict=True)]
    return of_rounds(name, ratios, "x", reach)


def wire_rows(targets: Sequence[Target]) -> list[Row]:
    """Return the bytes of one answer of each."""
    weights = [(target.name, weigh(target)) for target in targets]
    return [Row(f"{name}: bytes on the wire", sum(both), "B", note=f"{both[0]} of them head") for name, both in weights]


def median_cpu(loads: Sequence[Load]) -> float:
    """Return the median CPU milliseconds of a request."""
    return statistics.median(each.cpu_ms for each in loads)
