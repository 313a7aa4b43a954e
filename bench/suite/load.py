"""Asks a server as often as it can answer, with wrk, and reads what came of it."""

import re
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from suite import machine
from suite.target import Target, trusting

BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
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
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Load:
    """What a server did for a few seconds."""

    cpu_ms: float
    rate: float
    p50_ms: float
    p99_ms: float
    errors: int
    split: list[int]
    """How many connections each of its processes held in the middle of it."""


def headers_of(target: Target) -> dict[str, str]:
    """Return what a browser that wants this encoding sends."""
    encoding = {"Accept-Encoding": target.encoding} if target.encoding else {}
    return {**BROWSER, **encoding, **({"Host": target.host} if target.host else {})}


def load(target: Target, *, seconds: float, connections: int) -> Load:
    """Load a server, and count what it and its database have used for it."""
    before = machine.cpu_seconds(target.processes)
    wrk = start_wrk(target.url, headers_of(target), seconds=seconds, connections=connections)
    time.sleep(seconds / 2)
    split = machine.connections_by_process(target.processes, urlsplit(target.url).port or 80)
    said = wrk.communicate()[0]
    spent = machine.cpu_seconds(target.processes) - before
    requests, rate, latencies, errors = read_wrk(said)
    if not requests:
        raise SystemExit(f"{target.name} answered nothing in {seconds} s; give it longer (--seconds)")
    return Load(spent * 1000 / requests, rate, latencies["50"], latencies["99"], errors, split)


def start_wrk(url: str, headers: Mapping[str, str], *, seconds: float, connections: int) -> "subprocess.Popen[str]":
    """Start one thread of wrk; it says all when it ends."""
    fields = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--latency", "--timeout", "30s", *fields, url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def read_wrk(said: str) -> tuple[int, float, dict[str, float], int]:
    """Return the requests, their rate, the milliseconds by percentile, and how many failed."""
    requests, rate = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec: +([\d.]+)", said)
    assert requests, said
    assert rate, said
    found = re.findall(r"^ +(\d+)% +([\d.]+)(us|ms|s|m) *$", said, re.MULTILINE)
    assert found, said
    latencies = {percent: float(number) * MILLISECONDS[unit] for percent, number, unit in found}
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    failed = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    errors = int(refused[1]) if refused else 0
    return int(requests[1]), float(rate[1]), latencies, errors + (sum(map(int, failed.groups())) if failed else 0)


def weigh(target: Target) -> tuple[int, int]:
    """Return the bytes of the head and of the body of one answer as they come over the wire."""
    address = urlsplit(target.url)
    request = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "localhost", **headers_of(target)}.items())
    with socket.create_connection((address.hostname or "", address.port or 80), timeout=30) as plain:
        connection = trusting().wrap_socket(plain) if address.scheme == "https" else plain
        with connection:
            connection.sendall(f"GET {address.path or '/'} HTTP/1.1\r\n{request}Connection: close\r\n\r\n".encode())
            received = bytearray()
            while part := connection.recv(65536):
                received += part
    head, _, body = bytes(received).partition(b"\r\n\r\n")
    assert b" 200 " in head.partition(b"\r\n")[0], head
    return len(head) + 4, len(body)
