"""The table of what each fault has cost, for the page that tells operators what to expect."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.stack.containers.author import Traffic

HEAD = """# What a fault costs

Measured on whole sites while one author writes and one reader reads without a break, through the proxy where there is
one; the time runs from the fault, or from its end where somebody has to end it, to the next write that is kept. Nought:
nobody has noticed. The last column says how much longer everything took because the machine was busy with other things.
The database was away for {outage:.0f} s with our compose file, else for {pause:.0f}, and stood still or was cut off
for {pause:.0f}: writers were told so, and readers got the pages that are stored.

<!-- Written by bin/bench faults --everything; measure again rather than edit. -->

Not tried, because it cannot happen there:

{impossible}

| What happens | Where | Time to recover | Writes kept | Kept writes lost | Writes refused | Reads failed | Slower by |
|---|---|---|---|---|---|---|---|
"""

HEAD_OF_DEPLOYS = """# What a deploy costs

Measured on real containers, with our compose file, while one author writes and one reader reads without a break,
through the proxy. The last column says how much longer everything took because the machine was busy with other things.

<!-- Written by bin/bench faults; measure again rather than edit. -->

| What happens | Took | Writes kept | Kept writes lost | Writes refused | Reads failed | Slower by |
|---|---|---|---|---|---|---|
"""


NUMBERS = 6
"""How many columns are measured; what stands before them says of what."""


@dataclass
class FaultTable:
    """One row for each fault, or whatever else has happened under load."""

    head: str
    is_whole: bool = False
    rows: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, seconds: float, traffic: Traffic, *, since: float, lost: int) -> None:
        """Note what one fault has cost."""
        kept = traffic.count(is_write=True, is_good=True)
        refused = traffic.count(is_write=True, is_good=False, since=since)
        failed = traffic.count(is_write=False, is_good=False, since=since)
        slower = f"{traffic.contention.factor:.1f}"
        self.rows[name] = f"{seconds:.1f} s | {kept} | {lost} | {refused} | {failed} | {slower}"

    def write(self, path: Path) -> None:
        """Write the page; unless every run measures the whole of it, what was not measured this time stays."""
        former = {} if self.is_whole or not path.exists() else _rows_of(path.read_text(encoding="utf-8"))
        rows = {**former, **self.rows}
        lines = [f"| {name} | {numbers} |\n" for name, numbers in sorted(rows.items())]
        path.write_text(self.head + "".join(lines), encoding="utf-8")


def _rows_of(page: str) -> dict[str, str]:
    cells = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    return {" | ".join(row[:-NUMBERS]): " | ".join(row[-NUMBERS:]) for row in cells if row[-NUMBERS].endswith(" s")}
