#!/usr/bin/env python3
"""How many posts a second `homeport import` takes in, and what one costs in CPU time.

Run it with `bin/bench import_rate [DIR]`; without a folder it writes posts of 10 KB of its own. Each
round imports into a new database in a temporary folder. The rate by the clock suffers from whatever else the machine
does; the CPU time of all processes (import, renderers, PostgreSQL) suffers less, and two cores take in at most two
seconds of it a second. The second import of the same folder, which changes nothing, is timed too.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Self

from content import markdown

ROOT = Path(__file__).parents[1]
LEAST_RATE = 100
CORES = 2
SAMPLE_SECONDS = 0.05


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--posts", type=int, default=750)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or write_posts(Path(temporary) / "posts", options.posts)
        rounds = [measure(folder, Path(temporary) / f"site-{number}") for number in range(options.rounds)]
    show(folder, rounds)


def write_posts(folder: Path, count: int) -> Path:
    """Write a folder of posts of about 10 KB that link to each other."""
    folder.mkdir()
    for number in range(count):
        front = f"---\ntitle: Post {number}\ndate: 2020-01-01\ntags: [everything]\nauthor: Ada\n---\n"
        text = f"See [the next](post-{(number + 1) % count}.md).\n\n" + markdown(number, 10 * 1024)
        (folder / f"post-{number}.md").write_text(front + text)
    return folder


def measure(folder: Path, data: Path) -> dict[str, float]:
    """Import a folder twice; return what the reports and the clock of the processors say."""
    # The first start of a database has its own measurement.
    subprocess.run([ROOT / "bin/homeport", "--data", data, "migrate"], check=True, capture_output=True)
    with Meter() as meter:
        report = run_import(folder, data)
    again = run_import(folder, data)
    assert (again["imported"], again["updated"]) == (0, 0), "the second import changed something"
    count = report["imported"]
    return {
        "posts": count,
        "seconds": report["seconds"],
        "cpu_seconds": meter.cpu_seconds,
        "again_seconds": again["seconds"],
    }


def run_import(folder: Path, data: Path) -> dict[str, float]:
    """Run the command as an author would."""
    command = [ROOT / "bin/homeport", "--data", data, "import", folder, "--json"]
    report: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return report


class Meter:
    """Adds up the CPU time of all processes beneath this one, those that have ended in between included."""

    def __init__(self) -> None:
        self._seconds: dict[int, float] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    @property
    def cpu_seconds(self) -> float:
        """Return the CPU seconds of all processes that were seen."""
        return sum(self._seconds.values())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._is_over.wait(SAMPLE_SECONDS):
            for pid in descendants(os.getpid()):
                self._seconds[pid] = max(self._seconds.get(pid, 0.0), cpu_seconds_of(pid))


def descendants(root: int) -> list[int]:
    """Return the processes beneath this one; on Linux only."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        if fields := stat_of(int(folder.name)):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        waiting += (beneath := children.get(waiting.pop(), []))
        found += beneath
    return found


def cpu_seconds_of(pid: int) -> float:
    """Return the CPU time that a process has used itself."""
    fields = stat_of(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def stat_of(pid: int) -> list[str]:
    """Return the fields of `/proc/PID/stat` behind the name; none when the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def show(folder: Path, rounds: list[dict[str, float]]) -> None:
    """Print each round, and the best of them: what disturbs a measurement only ever makes it slower."""
    print(f"{folder}: {rounds[0]['posts']:.0f} posts, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("posts/s  CPU ms/post  posts/s by CPU on two cores  unchanged again, s")
    for each in rounds:
        cost = each["cpu_seconds"] / each["posts"]
        rate = each["posts"] / each["seconds"]
        print(f"{rate:7.0f}  {cost * 1000:11.1f}  {CORES / cost:27.0f}  {each['again_seconds']:18.2f}")
    best = max(each["posts"] / each["seconds"] for each in rounds)
    cost = statistics.median(each["cpu_seconds"] / each["posts"] for each in rounds)
    print(f"\nbest {best:.0f} posts/s; median {cost * 1000:.1f} ms of CPU a post; wanted {LEAST_RATE} posts/s")


if __name__ == "__main__":
    main()
