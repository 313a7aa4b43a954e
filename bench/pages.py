#!/usr/bin/env python3
"""What a page costs when nothing is cached: bytes, requests, SQL statements, CPU time of the site and of PostgreSQL.

Run it with `bin/bench pages`. It starts a site of its own in a temporary folder. CPU times are given
as multiples of `/healthz`, the cheapest answer the same server can give, measured in turns in the same run: machines
differ and are noisy, the ratio says what the page itself costs.
"""

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import brotli
from flask.testing import FlaskClient
from sqlalchemy import event

from content import fill
from homeport.app import create_app
from homeport.db.session import Database
from homeport.ops.postgres import running
from homeport.settings import Settings

ROOT = Path(__file__).parents[1]
FLOOR = "/healthz"
PAGES = {"home": "/", "post": "/posts/post-150", "tag": "/tags/everything", "feed": "/feed.atom"}
TICKS_PER_SECOND = 100


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200)
    parser.add_argument("--requests", type=int, default=200, help="requests a page and round")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with running(data) as uri:
            database = Database(uri)
            site(database, data)  # brings the schema up to date
            with database.transaction() as session:
                fill(session, options.posts)
            print(f"{options.posts} posts of 6 KB of Markdown\n")
            weigh(site(database, data), database)
            database.dispose()
        time_pages(data, options.requests, options.rounds)


def site(database: Database, data: Path) -> FlaskClient:
    """Return a client of the application in this process."""
    settings = Settings.from_env({"DATA_DIR": str(data), "FLASK_KEY": "a key for measuring only"})
    client = create_app(settings, database=database).test_client()
    client.get("/")
    return client


def weigh(client: FlaskClient, database: Database) -> None:
    """Print bytes, requests and SQL statements."""
    statements: list[str] = []
    for engine in (database.engine, database._read_engine):  # noqa: SLF001 - both have to be counted
        event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    print(f"{'page':6} {'html':>8} {'brotli':>8} {'requests':>9} {'with style sheet':>17} {'statements':>11}")
    for name, path in PAGES.items():
        client.get(path)  # what is said once a connection does not count
        statements.clear()
        answer = client.get(path, headers={"Accept-Encoding": "br"})
        count, html = len(statements), brotli.decompress(answer.data)
        assets = (
            set(re.findall(r'(?:src|href)="(/(?:static|media)/[^"]+)"', html.decode())) if name != "feed" else set()
        )
        weights = [len(client.get(asset, headers={"Accept-Encoding": "br"}).data) for asset in assets]
        total = len(answer.data) + sum(weights)
        print(f"{name:6} {len(html):8} {len(answer.data):8} {1 + len(assets):9} {total:17} {count:11}")


def time_pages(data: Path, requests: int, rounds: int) -> None:
    """Start the site as people do, and print the CPU time of its pages as multiples of the floor."""
    homeport = [sys.executable, "-m", "homeport"]
    surroundings = {**os.environ, "PAGE_STORE": "off", "JOBS": "off"}
    subprocess.run(
        [*homeport, "up", "--detach", "--data", data], check=True, capture_output=True, cwd=ROOT, env=surroundings
    )
    try:
        told = subprocess.run(
            [*homeport, "status", "--json", "--data", data], check=True, capture_output=True, cwd=ROOT
        )
        status = json.loads(told.stdout)
        print_times(status["process"], urlsplit(status["address"]).port or 80, requests, rounds)
    finally:
        subprocess.run([*homeport, "down", "--data", data], check=True, capture_output=True, cwd=ROOT)


def print_times(supervisor: int, port: int, requests: int, rounds: int) -> None:
    """Measure the pages in turns and print the medians."""
    paths = {"floor": FLOOR, **PAGES}
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in paths}
    for path in paths.values():
        ask(port, path, 40)
    for _ in range(rounds):
        for name, path in paths.items():
            before = cpu_seconds(supervisor)
            ask(port, path, requests)
            after = cpu_seconds(supervisor)
            figures[name].append((spent(before[0], after[0], requests), spent(before[1], after[1], requests)))
    print(f"\n{'page':6} {'site ms':>8} {'PostgreSQL ms':>14} {'x floor':>8}   (medians of {rounds} rounds)")
    floor = statistics.median(sum(figure) for figure in figures["floor"])
    for name, found in figures.items():
        own, base = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"{name:6} {own:8.2f} {base:14.2f} {(own + base) / floor if floor else 0:8.1f}")


def spent(before: float, after: float, requests: int) -> float:
    """Return the milliseconds of one request."""
    return (after - before) / requests * 1000


def ask(port: int, path: str, requests: int) -> None:
    """Get a page that often over one connection, as a proxy would."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(requests):
        connection.request("GET", path, headers={"Accept-Encoding": "br"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, (path, answer.status)
    connection.close()


def cpu_seconds(supervisor: int) -> tuple[float, float]:
    """Return the CPU time that the site's own processes and PostgreSQL's have used so far."""
    own = base = 0.0
    for pid in descendants(supervisor):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except FileNotFoundError:
            continue
        fields = stat.rpartition(")")[2].split()
        seconds = (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND
        if "(postgres" in stat:
            base += seconds
        else:
            own += seconds
    return own, base


def descendants(root: int) -> list[int]:
    """Return a process and all that came of it."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    found = [root]
    for pid in found:
        found += parents.get(pid, [])
    return found


if __name__ == "__main__":
    main()
