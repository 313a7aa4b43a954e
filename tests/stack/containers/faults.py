"""The table of what each fault has cost, for the page that tells operators what to expect."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.stack.containers.author import Traffic

HEAD = """# What a fault costs

Measured on real containers, with our compose file, while one author writes and one reader reads without a break; the
time runs from the fault, or from its end where somebody has to end it, to the next write that is kept. Nought: nobody
has noticed. The last column says how much longer everything took because the machine was busy with other things.

<!-- Written by FAULT_TABLE=docs/faults.md bin/test tests/stack/containers; measure again rather than edit. -->

| What happens | Time to recover | Writes kept | Kept writes lost | Writes refused | Reads failed | Slower by |
|---|---|---|---|---|---|---|
"""

HEAD_OF_DEPLOYS = """# What a deploy costs

Measured on real containers, with our compose file, while one author writes and one reader reads without a break,
through the proxy. The last column says how much longer everything took because the machine was busy with other things.

<!-- Written by DEPLOY_TABLE=docs/deploys.md bin/test tests/stack/containers; measure again rather than edit. -->

| What happens | Took | Writes kept | Kept writes lost | Writes refused | Reads failed | Slower by |
|---|---|---|---|---|---|---|
"""


@dataclass
class FaultTable:
    """One row for each fault, or whatever else has happened under load."""

    head: str = HEAD
    rows: list[str] = field(default_factory=list)

    def add(self, name: str, seconds: float, traffic: Traffic, *, since: float, lost: int) -> None:
        """Note what one fault has cost."""
        kept = traffic.count(is_write=True, is_good=True)
        refused = traffic.count(is_write=True, is_good=False, since=since)
        failed = traffic.count(is_write=False, is_good=False, since=since)
        slower = f"{traffic.contention.factor:.1f}"
        self.rows.append(f"| {name} | {seconds:.1f} s | {kept} | {lost} | {refused} | {failed} | {slower} |")

    def write(self, path: Path) -> None:
        """Write the page."""
        path.write_text(self.head + "\n".join(sorted(self.rows)) + "\n", encoding="utf-8")
