#!/usr/bin/env python3
"""What serving costs, all in all: stored pages, pages that are made, the edge, beside the limit and the floor.

Run it with `bin/bench all`; it needs `wrk`, `nginx` and `openssl`. Every target is loaded in turns, round by round, and
CPU time is that of all processes of a server, its database included: it is the figure to trust, because what else the
machine does hardly changes it. Ratios are of the same round. `--quick` does the stored, made and edge rows in less than
a minute, `--peers` measures other systems beside them, `--json` writes all rows into a file, from
which `bin/bench table` makes the tables of docs/performance.md.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from suite import groups, machine, rows, site

Group = Callable[[groups.Run], list[rows.Row]]


def main() -> None:
    """Measure and print."""
    options = parse()
    lacking = [name for name in ("wrk", "nginx", "openssl") if shutil.which(name) is None]
    if lacking:
        sys.exit(f"not installed: {', '.join(lacking)}")
    found = []
    print(f"{machine.describe()}; {options.rounds} rounds of {options.seconds} s, 16 connections\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with site.filled_base(folder / "base") as base:
            run = groups.Run(folder, base, options.rounds, options.seconds)
            for group in chosen(options):
                for row in group(run):
                    rows.show(row)
                    found.append(row)
                print()
    if options.json:
        rows.write(found, options.json)


def parse() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="the cached, made and edge rows only, one round of 1 s")
    parser.add_argument(
        "--peers", action="store_true", help="the blog as tutorials teach it, too; installs its packages"
    )
    parser.add_argument("--peer", action="append", default=[], help="NAME=ADDRESS=PROCESS[,...]: one that runs already")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=int, help="of each target in each round")
    parser.add_argument("--json", type=Path, help="write all rows into this file")
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.seconds = options.seconds or (1 if options.quick else 3)
    return options


def chosen(options: argparse.Namespace) -> list[Group]:
    """Return the groups to measure."""
    is_full = not options.quick
    first: list[Group] = [
        lambda run: groups.stored(run, has_floor=is_full, has_granian=is_full),
        groups.made,
        groups.through_the_edge,
    ]
    if is_full:
        first += [groups.beside_rendering, groups.memory, groups.weights]
    if options.peers or options.peer:
        first.append(lambda run: groups.others(run, options.peer, has_taught=options.peers))
    return first


if __name__ == "__main__":
    main()
