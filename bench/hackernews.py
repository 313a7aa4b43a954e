#!/usr/bin/env python3
"""The front page of Hacker News: so many new readers a second through nginx with TLS, and a comment a second.

Run it with `bin/bench hackernews`; `--seconds 600` is the whole of it. Each reader opens a connection of his own, makes
the handshake of TLS 1.3, gets the post and leaves. Readers come at their times, however long the former ones take, and
their time counts from the moment at which they wanted to come; `--json` writes the figures into a file.
"""

import argparse
import asyncio
import multiprocessing
import ssl
import statistics
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from homeport.db.session import Database
from suite import rows, site
from suite.edge import NAME, edge
from suite.site import POST, comment_on
from suite.target import trusting

REQUEST = f"GET {POST} HTTP/1.1\r\nHost: {NAME}\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n\r\n".encode()
PATIENCE_SECONDS = 30.0
PROCESSES = 2


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--readers", type=int, default=500, help="new ones each second")
    parser.add_argument("--json", type=Path, help="write the figures into this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        base = stack.enter_context(site.filled_base(folder / "base"))
        ours = stack.enter_context(site.homeport(folder / "site", base))
        site.warmed(ours, POST, "br")
        _, _, port = stack.enter_context(edge(folder / "edge", ours.port))
        over = threading.Event()
        writer = threading.Thread(target=write, args=(base.uri, over))
        writer.start()
        times = come(port, options.readers, options.seconds)
        over.set()
        writer.join()
    told(times, options)


def told(times: list[float | None], options: argparse.Namespace) -> None:
    """Print and write the figures."""
    good = sorted(spent for spent in times if spent is not None)
    errors = len(times) - len(good)
    note = f"{len(times)} readers in {options.seconds} s"
    found = [
        rows.Row("front page: errors", errors, "", "<= 0", note),
        rows.Row("front page: p50", 1000 * statistics.median(good), "ms"),
        rows.Row("front page: p99", 1000 * good[int(0.99 * (len(good) - 1))], "ms", "<= 250"),
    ]
    for row in found:
        rows.show(row)
    if options.json:
        rows.write(found, options.json)


def write(uri: str, over: threading.Event) -> None:
    """Comment on the post once a second."""
    database = Database(uri)
    while not over.wait(1):
        with database.transaction() as session:
            comment_on(session, POST)
    database.dispose()


def come(port: int, readers: int, seconds: int) -> list[float | None]:
    """Return what each reader waited, None for one who got nothing; more than one process asks."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        every = PROCESSES / readers
        starts = time.time() + 2
        work = [
            (port, starts + every * number / PROCESSES, every, readers * seconds // PROCESSES)
            for number in range(PROCESSES)
        ]
        return [spent for part in pool.starmap(come_one_after_another, work) for spent in part]


def come_one_after_another(port: int, starts: float, every: float, count: int) -> list[float | None]:
    """Let readers come at their times; runs in a process of its own."""
    return asyncio.run(_come(port, starts, every, count))


async def _come(port: int, starts: float, every: float, count: int) -> list[float | None]:
    context = trusting()
    tasks = []
    for number in range(count):
        await asyncio.sleep(max(0.0, starts + number * every - time.time()))
        tasks.append(asyncio.create_task(_read(port, context, starts + number * every)))
    return await asyncio.gather(*tasks)


async def _read(port: int, context: ssl.SSLContext, wanted_at: float) -> float | None:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=NAME)
            writer.write(REQUEST)
            answer = await reader.read(-1)
            writer.close()
    except (OSError, TimeoutError):
        return None
    return time.time() - wanted_at if answer.startswith(b"HTTP/1.1 200 ") else None


if __name__ == "__main__":
    main()
