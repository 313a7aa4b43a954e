#!/usr/bin/env python3
"""How long the site takes from the command to the first answer.

Run it with `bin/bench start`. A first start makes the database and its schema; a warm one finds both, and the home page
that somebody was given before. One with an empty page store has to load the whole application first.
Each is `bin/up` as people type it, timed from the moment the command starts until `/` answers 200. By the clock this
suffers from whatever else the machine does, the CPU time of the site's processes suffers less; the medians count.
"""

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIRST_LIMIT_SECONDS = 3.0
WARM_LIMIT_SECONDS = 1.0
GIVE_UP_SECONDS = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure, print, and end with 1 when a limit is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    # The installation has a measurement of its own: the progress it prints.
    subprocess.run([ROOT / "bin/homeport", "--version"], check=True, stdout=subprocess.DEVNULL)
    first, warm, bare = [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            first.append(start(Path(folder) / "data"))
            warm.append(start(Path(folder) / "data"))
            shutil.rmtree(Path(folder) / "data/cache/pages")
            bare.append(start(Path(folder) / "data"))
    kept = [show("first start", first, FIRST_LIMIT_SECONDS), show("warm start", warm, WARM_LIMIT_SECONDS)]
    show("warm start, nothing stored", bare, 0)
    sys.exit(0 if all(kept) else 1)


def start(data: Path) -> tuple[float, float, float]:
    """Start the site and end it again; return seconds to the first 200, CPU seconds until then, seconds to the end."""
    port = free_port()
    # A switch of development would make Python compile the site anew at each start.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    up = subprocess.Popen(
        [ROOT / "bin/up", "--data", data, "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(f"http://localhost:{port}/")
        answered = time.perf_counter()
        used = cpu_seconds(up.pid)
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait()
    return answered - began, used, time.perf_counter() - answered


def wait_for(address: str) -> None:
    """Return when the address answers 200."""
    give_up = time.perf_counter() + GIVE_UP_SECONDS
    while time.perf_counter() < give_up:
        try:
            with urllib.request.urlopen(address, timeout=GIVE_UP_SECONDS) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.005)
    raise SystemExit("the site did not come up")


def cpu_seconds(process: int) -> float:
    """Return what a process and all beneath it have used, those that have ended included."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return sum(map(int, fields[11:15])) / TICKS + sum(cpu_seconds(int(child)) for child in children)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def show(name: str, starts: list[tuple[float, float, float]], limit: float) -> bool:
    """Print one line; say whether the median is within the limit."""
    seconds, cpu, end = (statistics.median(values) for values in zip(*starts, strict=True))
    every = " ".join(f"{each[0]:.2f}" for each in starts)
    bound = f"limit {limit:.0f} s; " if limit else ""
    print(f"{name}: {seconds:.2f} s ({bound}{every}), CPU {cpu:.2f} s; end: {end:.2f} s")
    return seconds <= limit


if __name__ == "__main__":
    main()
