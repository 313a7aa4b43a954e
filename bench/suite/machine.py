"""Asks the kernel what processes have used: CPU time, memory, and whose connections are whose."""

import os
import platform
from collections.abc import Iterable
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PASSIVE_AND_OPEN = "01"


def family(roots: Iterable[int]) -> list[int]:
    """Return these processes and all that came of them and live."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = _fields(int(stat.parent.name))
        if fields:
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = list(dict.fromkeys(roots))
    for pid in found:
        found += [child for child in parents.get(pid, []) if child not in found]
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return the CPU time of whole families, of members that have ended too."""
    return sum(sum(map(int, fields[11:15])) for pid in family(roots) if (fields := _fields(pid))) / TICKS_PER_SECOND


def pss_mib(roots: Iterable[int]) -> float:
    """Return the memory of whole families; what several share counts once."""
    return sum(map(_pss_kib, family(roots))) / 1024


def connections_by_process(roots: Iterable[int], port: int) -> list[int]:
    """Return how many connections to a port each process of the families holds, the idle ones left out."""
    sockets = _sockets_of(port)
    counts = [sum(link in sockets for link in _links(pid)) for pid in family(roots)]
    return sorted(count for count in counts if count)


def describe() -> str:
    """Say which machine this is."""
    models = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    return f"{os.cpu_count()} x {model}, Linux {platform.release()}, Python {platform.python_version()}"


def _fields(pid: int) -> list[str]:
    """Return what stands behind the name in a process's stat line; nothing when it has ended."""
    return "".join(_lines(f"/proc/{pid}/stat")).rpartition(")")[2].split()


def _pss_kib(pid: int) -> int:
    return sum(int(line.split()[1]) for line in _lines(f"/proc/{pid}/smaps_rollup") if line.startswith("Pss:"))


def _sockets_of(port: int) -> set[str]:
    rows = [line.split() for kind in ("tcp", "tcp6") for line in _lines(f"/proc/net/{kind}")[1:]]
    return {f"socket:[{row[9]}]" for row in rows if row[3] == PASSIVE_AND_OPEN and row[1].endswith(f":{port:04X}")}


def _links(pid: int) -> list[str]:
    found = []
    for file in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            found.append(str(file.readlink()))
        except OSError:
            continue
    return found


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return []
