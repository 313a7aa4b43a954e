#!/usr/bin/env python3
"""What a stored page costs, beside nginx with the same bytes in a file and a bare WSGI application.

Run it with `bin/bench stored`; it needs `wrk` and `nginx`. All serve one post, packed by gzip, from two workers over
connections that stay open, in turns. CPU time is that of all processes of a server, PostgreSQL's included; the ratio is
to nginx in the same round, because machines differ and are noisy.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from content import fill
from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.ops import process
from homeport.ops.listening import listen
from homeport.ops.postgres import running
from homeport.ops.webservice import WebService
from pages import TICKS_PER_SECOND, cpu_seconds

POST = "/posts/post-10"
WORKERS = 2
WARM_UP_REQUESTS = 20
BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Encoding": "gzip",
    "Accept-Language": "en-GB,en;q=0.5",
    "DNT": "1",
    "Priority": "u=0, i",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
    "Sec-Fetch-User": "?1",
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}
NGINX = """
    {user} daemon off; pid {folder}/pid; error_log {folder}/errors; worker_processes {workers};
    events {{ worker_connections 1024; }}
    http {{
        access_log off; keepalive_requests 10000000; sendfile on; tcp_nopush on; open_file_cache max=100;
        client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
        uwsgi_temp_path {folder}; scgi_temp_path {folder}; default_type text/html;
        server {{ listen 127.0.0.1:{port}; root {folder}/files; gzip_static always; }}
    }}
"""
BARE = """
BODY = open({body!r}, "rb").read()
HEADERS = [("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Content-Length", str(len(BODY)))]

def app(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
"""


@dataclass(frozen=True)
class Server:
    """One that is measured: where it listens, and the process that all of it comes from."""

    port: int
    process: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each server in each round")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--json", type=Path, help="write the figures into this file too")
    options = parser.parse_args()
    for program in ("wrk", "nginx"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is not installed")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        ours = stack.enter_context(homeport(folder))
        body = packed(ours.port)
        print(f"one post: {len(body)} bytes, gzip; {options.connections} connections")
        servers = {
            "nginx, a file": stack.enter_context(nginx(folder / "nginx", body)),
            "stored page": ours,
            "bare WSGI": stack.enter_context(bare(folder / "bare", body)),
        }
        figures = measure(servers, options)
    report(figures, options)


def measure(servers: dict[str, Server], options: argparse.Namespace) -> dict[str, list[tuple[float, float]]]:
    """Return milliseconds of CPU time a request, and requests a second, of each server in each round."""
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in servers}
    for _ in range(options.rounds):
        for name, server in servers.items():
            before = all_seconds(server.process)
            requests = load(server.port, options.seconds, options.connections)
            spent = all_seconds(server.process) - before
            figures[name].append((spent * 1000 / requests, requests / options.seconds))
    return figures


def all_seconds(master: int) -> float:
    """Return the CPU time of a server, its former processes included."""
    fields = Path(f"/proc/{master}/stat").read_text().rpartition(")")[2].split()
    return sum(cpu_seconds(master)) + (int(fields[13]) + int(fields[14])) / TICKS_PER_SECOND


def report(figures: dict[str, list[tuple[float, float]]], options: argparse.Namespace) -> None:
    """Print medians and ranges; the ratio is the median of the ratios of the rounds."""
    floor = [cost for cost, _ in figures["nginx, a file"]]
    rows = []
    print(f"{'':14} {'CPU ms':>8} {'from':>7} {'to':>7} {'x nginx':>8} {'a second':>9}   ({options.rounds} rounds)")
    for name, rounds in figures.items():
        costs = [cost for cost, _ in rounds]
        ratio = statistics.median(cost / base for cost, base in zip(costs, floor, strict=True))
        rate = statistics.median(rate for _, rate in rounds)
        cost = statistics.median(costs)
        print(f"{name:14} {cost:8.4f} {min(costs):7.4f} {max(costs):7.4f} {ratio:8.2f} {rate:9.0f}")
        rows.append({"name": name, "cpu_ms": cost, "ratio": ratio, "rate": rate})
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n")


def load(port: int, seconds: int, connections: int) -> int:
    """Ask as often as possible; return how often."""
    fields = [part for name, value in BROWSER.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *fields, f"http://127.0.0.1:{port}{POST}"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"(\d+) requests in", said)
    assert found, said
    assert "Non-2xx" not in said, said
    return int(found[1])


def packed(port: int) -> bytes:
    """Return the post as it is sent once it is compressed as well as it gets."""
    body = b""
    for _ in range(WARM_UP_REQUESTS):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", POST, headers=BROWSER)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, answer.status
        connection.close()
        time.sleep(0.1)
    return body


@contextmanager
def homeport(folder: Path) -> Iterator[Server]:
    """Run the site with some posts; PostgreSQL is a process of its own that nothing is asked of."""
    with running(folder / "postgres") as uri:
        database = Database(uri)
        bring_up_to_date(database.engine)
        with database.transaction() as session:
            fill(session, 20)
        database.dispose()
        [listener] = listen(["127.0.0.1"], 0)
        given = {"DATA_DIR": str(folder / "data"), "DB_URI": uri, "FLASK_KEY": "a key for measuring only"}
        given |= {"WEB_WORKERS": str(WORKERS), "JOBS": "off"}
        with (folder / "log").open("w") as log:
            errors = os.dup(2)
            os.dup2(log.fileno(), 2)
            web = WebService([listener], {**os.environ, **given})
            web.start()
            os.dup2(errors, 2)
        try:
            assert process.wait_until(lambda: not web.fault(time.monotonic()) and web.is_serving, 30)
            time.sleep(2)
            assert web.child is not None
            yield Server(listener.getsockname()[1], web.child.pid)
        finally:
            web.stop()
            listener.close()


@contextmanager
def nginx(folder: Path, body: bytes) -> Iterator[Server]:
    """Run nginx with the page in a file."""
    file = folder / "files" / POST.removeprefix("/")
    file.parent.mkdir(parents=True)
    file.with_name(f"{file.name}.gz").write_bytes(body)
    port = free_port()
    # Its workers would not be allowed into the folder of whoever starts it as root.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "conf").write_text(NGINX.format(folder=folder, port=port, workers=WORKERS, user=user))
    with program(["nginx", "-c", str(folder / "conf"), "-e", str(folder / "errors")], port) as server:
        yield server


@contextmanager
def bare(folder: Path, body: bytes) -> Iterator[Server]:
    """Run an application that does nothing, on Gunicorn as it comes."""
    folder.mkdir()
    (folder / "body").write_bytes(body)
    (folder / "bare.py").write_text(BARE.format(body=str(folder / "body")))
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", str(WORKERS), "--threads", "4"]
    command += ["-b", f"127.0.0.1:{port}", "--chdir", str(folder), "--no-control-socket", "bare:app"]
    with program(command, port) as server:
        yield server


@contextmanager
def program(command: list[str], port: int) -> Iterator[Server]:
    """Run a server until the block ends."""
    child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        assert process.wait_until(lambda: answers(port), 10)
        yield Server(port, child.pid)
    finally:
        child.terminate()
        child.wait()


def answers(port: int) -> bool:
    """Say whether somebody answers there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", POST, headers=BROWSER)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def free_port() -> int:
    """Return a port that nobody listens on."""
    [listener] = listen(["127.0.0.1"], 0)
    with listener:
        port: int = listener.getsockname()[1]
    return port


if __name__ == "__main__":
    main()
