"""Figures as they are told: a name, a value, and what it has to be; printed, and written as JSON."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure; `reach` begins with <= or >= when there is something to reach."""

    name: str
    value: float | None
    unit: str
    reach: str = ""
    note: str = ""
    """What is printed behind it: how connections fell on workers, or why there is no figure."""

    spread: tuple[float, float] | None = None

    @property
    def holds(self) -> bool | None:
        """Whether it is what it has to be; None where nothing is asked, or nothing was measured."""
        if not self.reach or self.value is None:
            return None
        sign, _, bound = self.reach.partition(" ")
        return self.value <= float(bound) if sign == "<=" else self.value >= float(bound)


def of_rounds(name: str, values: Sequence[float], unit: str, reach: str = "", note: str = "") -> Row:
    """Return the median of some rounds, with their range."""
    return Row(name, statistics.median(values), unit, reach, note, (min(values), max(values)))


def figure(value: float) -> str:
    """Return a number with as many digits as mean something."""
    return (
        f"{value:,.0f}"
        if abs(value) >= 100 or value == int(value)
        else f"{value:.3g}"
        if abs(value) >= 1
        else f"{value:.3f}"
    )


def show(row: Row) -> None:
    """Print a row as soon as it is known."""
    value = "not measured" if row.value is None else f"{figure(row.value)} {row.unit}"
    least, most = row.spread or (0.0, 0.0)
    spread = f"({figure(least)} to {figure(most)})" if least < most else ""
    judged = {True: "holds", False: "NOT REACHED", None: ""}[row.holds]
    print(f"{row.name:52} {value:>18} {spread:20} {row.reach:8} {judged:11} {row.note}".rstrip(), flush=True)


def write(rows: Iterable[Row], file: Path) -> None:
    """Write the rows as JSON; the range over the rounds is two rows of its own."""
    plain: list[dict[str, object]] = []
    for row in rows:
        plain.append(_plain(row))
        if row.spread and row.spread[0] < row.spread[1]:
            plain += [
                _plain(Row(f"{row.name}, {end}", value, row.unit))
                for end, value in zip(("least", "most"), row.spread, strict=True)
            ]
    file.write_text(json.dumps(plain, indent=2) + "\n")


def _plain(row: Row) -> dict[str, object]:
    return {"name": row.name, "value": row.value, "unit": row.unit, "reach": row.reach or None, "holds": row.holds}
