#!/usr/bin/env python3
"""Minutes of reading and writing: whether the memory of the site grows, and whether anybody gets an error.

Run it with `bin/bench soak`; `--minutes 10` is the whole of it. Readers ask for the post, the home page, the feed and
addresses that are not there; twice a second somebody comments or changes a title. The memory of all processes is taken
at each tenth of the time: the last fifth may not be larger than the second by more than a tenth.
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import text

from homeport.db.session import Database
from suite import machine, rows, site
from suite.load import headers_of, read_wrk, start_wrk
from suite.site import FEED, HOME, POST, comment_on
from suite.target import Target

LOOKS = 10
ADDRESSES = (POST, HOME, FEED, "/nowhere", "/tags/everything?junk=1")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--json", type=Path, help="write the figures into this file")
    options = parser.parse_args()
    seconds = max(60 * options.minutes, 2 * LOOKS)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        base = stack.enter_context(site.filled_base(folder / "base"))
        ours = stack.enter_context(site.homeport(folder / "site", base))
        site.warmed(ours, POST, "gzip")
        over = threading.Event()
        writer = threading.Thread(target=write, args=(base.uri, over))
        writer.start()
        sizes, errors = soak(ours, seconds)
        over.set()
        writer.join()
    fifth = LOOKS // 5
    growth = statistics.median(sizes[-fifth:]) / statistics.median(sizes[fifth : 2 * fifth])
    found = [
        rows.Row("soak: memory at the end", sizes[-1], "MiB", note=" ".join(f"{size:.0f}" for size in sizes)),
        rows.Row("soak: the last fifth, times the second", growth, "x", "<= 1.1"),
        rows.Row("soak: errors", errors, "", "<= 0"),
    ]
    for row in found:
        rows.show(row)
    if options.json:
        rows.write(found, options.json)


def soak(ours: site.Site, seconds: float) -> tuple[Sequence[float], int]:
    """Return the memory at each tenth of the time, and how many answers were wrong."""
    targets = [Target(path, f"http://127.0.0.1:{ours.port}{path}", ours.processes) for path in ADDRESSES]
    loads = [start_wrk(target.url, headers_of(target), seconds=seconds, connections=2) for target in targets]
    sizes = []
    for _ in range(LOOKS):
        time.sleep(seconds / LOOKS)
        sizes.append(machine.pss_mib(ours.processes))
    said = [load.communicate()[0] for load in loads]
    # What is not there is answered 404, as it should be.
    return sizes, sum(read_wrk(each)[3] for path, each in zip(ADDRESSES, said, strict=True) if path != "/nowhere")


def write(uri: str, over: threading.Event) -> None:
    """Change something twice a second."""
    database, number = Database(uri), 0
    while not over.wait(0.5):
        number += 1
        with database.transaction() as session:
            if number % 2:
                comment_on(session, POST)
            else:
                session.execute(
                    text("update entry set title = :title where slug = 'post-3'"), {"title": f"No. {number}"}
                )
    database.dispose()


if __name__ == "__main__":
    main()
