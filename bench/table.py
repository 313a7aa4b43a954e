#!/usr/bin/env python3
"""Puts figures into docs/performance.md: the tables between the markers, from files that `--json` wrote.

Run it with `bin/bench table FILE...`. What to reach comes from `bench/suite/aims.py`; where no file has a figure, the
table says that it was not measured. `--command` names the command that made the files.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from suite import machine
from suite.aims import AIMS, Aim
from suite.rows import figure

DOCUMENT = Path(__file__).parents[1] / "docs/performance.md"
BEGIN, END = "<!-- {name}: begin -->", "<!-- {name}: end -->"

Rows = dict[str, dict[str, Any]]


def main() -> None:
    """Read the files and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--command", default="bin/bench all")
    parser.add_argument("--note", default="", help="what else is to be known of the run, as a sentence")
    options = parser.parse_args()
    rows: Rows = {row["name"]: row for file in options.files for row in json.loads(file.read_text())}
    made = f"`{options.command}`, {datetime.now(UTC):%d %b %Y}, {machine.describe()}. {options.note}".rstrip()
    text = DOCUMENT.read_text()
    text = replaced(text, "aims", f"{made}\n\n{aims_table(rows)}")
    text = replaced(text, "servers", servers_table(rows))
    DOCUMENT.write_text(text)


def replaced(text: str, name: str, table: str) -> str:
    """Return the document with another text between the markers of this name."""
    before, begin, rest = text.partition(BEGIN.format(name=name))
    _, end, after = rest.partition(END.format(name=name))
    assert begin, f"{name} is not in the document"
    assert end, f"{name} has no end"
    return f"{before}{begin}\n{table}\n{end}{after}"


def aims_table(rows: Rows) -> str:
    """Return what is to be reached, and what is."""
    lines = ["| What | Aim | Measured | |", "| --- | --- | --- | --- |"]
    return "\n".join([*lines, *(aim_line(aim, rows) for aim in AIMS)])


def aim_line(aim: Aim, rows: Rows) -> str:
    """Return one line of it."""
    row = rows.get(aim.row)
    if row is None or row["value"] is None:
        return f"| {aim.what} | {aim.reach} {aim.unit} | | not measured: {aim.how} |"
    low, high = (rows.get(f"{aim.row}, {end}") for end in ("least", "most"))
    spread = f" ({figure(low['value'])} to {figure(high['value'])})" if low and high else ""
    judged = {True: "reached", False: "not reached", None: ""}[row["holds"]]
    return f"| {aim.what} | {aim.reach} {aim.unit} | {figure(row['value'])}{spread} | {judged} |"


def servers_table(rows: Rows) -> str:
    """Return all servers beside each other."""
    columns = ("CPU", "rate", "p50", "p99", "bytes on the wire")
    lines = ["| | CPU ms a request | a second | p50 ms | p99 ms | bytes |", "| --- | --- | --- | --- | --- | --- |"]
    for name in dict.fromkeys(row.partition(": ")[0] for row in rows if row.endswith(": CPU")):
        values = [rows.get(f"{name}: {column}") for column in columns]
        shown = " | ".join(figure(value["value"]) if value else "" for value in values)
        lines.append(f"| {name} | {shown} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
