#!/usr/bin/env python3
"""How long a reader may still see what was before a commit: on every worker, and through the edge.

Run it with `bin/bench visible`. Somebody changes a post's title in the database; one connection to each worker asks
for the page until it has the new title. The clock starts when the commit returns. Through the edge, where a page lives
for a second, one connection asks; `--json` writes the figures into a file.
"""

import argparse
import http.client
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import text

from homeport.db.session import Database
from suite import rows, site
from suite.edge import NAME, edge
from suite.site import POST

SLUG = POST.rpartition("/")[2]
MOST_CONNECTIONS = 400
GIVE_UP_SECONDS = 10.0


class Reader:
    """One connection, which stays with one worker."""

    def __init__(self, port: int, host: str = "localhost") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Host": host}

    def ask(self) -> tuple[str, bytes]:
        """Return who answered, and the page; each worker begins its requests' ids with a name of its own."""
        self._connection.request("GET", POST, headers=self._headers)
        answer = self._connection.getresponse()
        return (answer.getheader("X-Request-Id") or "")[:8], answer.read()

    def seconds_until(self, title: bytes, since: float) -> float:
        """Return when the page first had this title."""
        while time.perf_counter() - since < GIVE_UP_SECONDS:
            if title in self.ask()[1]:
                return time.perf_counter() - since
        raise SystemExit(f"{title.decode()} did not appear")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--json", type=Path, help="write the figures into this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        base = stack.enter_context(site.filled_base(folder / "base"))
        database = Database(base.uri)
        ours = stack.enter_context(site.homeport(folder / "site", base, workers=options.workers))
        site.warmed(ours, POST, "")
        readers = one_for_each_worker(ours.port, options.workers)
        direct = [slowest(database, number, readers) for number in range(options.commits)]
        _, plain, _ = stack.enter_context(edge(folder / "edge", ours.port))
        behind = [Reader(plain, NAME)]
        # Between two changes as long as a page lives at the edge and longer: the quiet site is the case to fear.
        through = []
        for number in range(max(options.commits // 10, 3)):
            behind[0].ask()
            time.sleep(number % 4)
            through.append(slowest(database, options.commits + number, behind))
        database.dispose()
    found = [
        rows.Row("commit to visible: p50", 1000 * statistics.median(direct), "ms"),
        rows.Row("commit to visible: p99", 1000 * sorted(direct)[int(0.99 * (len(direct) - 1))], "ms", "<= 20"),
        rows.Row("commit to visible: most", 1000 * max(direct), "ms"),
        rows.Row("commit to visible, edge: most", max(through), "s", "<= 1.1"),
    ]
    for row in found:
        rows.show(row)
    if options.json:
        rows.write(found, options.json)


def one_for_each_worker(port: int, workers: int) -> list[Reader]:
    """Return a connection to each of them; which one takes a connection is up to the kernel."""
    found: dict[str, Reader] = {}
    for _ in range(MOST_CONNECTIONS):
        reader = Reader(port)
        for _ in range(3):
            # The first answer may come from the application, which names requests in another way.
            name, _page = reader.ask()
        found.setdefault(name, reader)
        if len(found) == workers:
            return list(found.values())
    raise SystemExit(f"{len(found)} of {workers} workers were reached")


def slowest(database: Database, number: int, readers: list[Reader]) -> float:
    """Change the title; return the seconds until the last of the readers sees it."""
    title = f"Title {number} of many"
    with database.transaction() as session:
        session.execute(text("update entry set title = :title where slug = :slug"), {"title": title, "slug": SLUG})
    since = time.perf_counter()
    return max(reader.seconds_until(title.encode(), since) for reader in readers)


if __name__ == "__main__":
    main()
