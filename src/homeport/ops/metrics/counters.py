"""Counters that outlive the workers that raise them: one unnamed file in memory, a row for each worker, no lock.

A worker takes the first row that nobody holds and goes on counting where its predecessor ended, so that no sum ever
goes back. The kernel lets go of a row when its worker is gone, however that happened. Numbers are aligned doubles,
which are read and written in one piece. Nothing here imports more than a start has loaded anyway.
"""

import fcntl
import mmap
import os
import tempfile
import threading
import time
from collections.abc import Sequence
from typing import Protocol

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the classes of the latency histogram, in seconds; what is longer is in a class of its own."""

CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
SERVICES = ("the web server", "PostgreSQL", "the metrics")
"""Whom the supervisor may have to start again, by the names that it has for them."""

ROW = 32
"""Numbers in a row; the first row is the supervisor's, the others are for workers."""

ROWS = 256
BYTES = ROWS * ROW * 8

NOT_MODIFIED, SECONDS, STARTS = len(CLASSES), len(CLASSES) + 1, len(CLASSES) + 2
FIRST_BOUND = len(CLASSES) + 3
STORED = FIRST_BOUND + len(BOUNDS) + 1
HEALTH = ("/healthz", "/readyz")


class Observe(Protocol):
    """Takes path, status and seconds of an answer, or of several alike, and whether a stored page was it.

    Those that a worker has answered by itself, of stored pages, have taken no time.
    """

    def __call__(self, path: str, status: int, seconds: float, times: int = 1, /, *, is_stored: bool = False) -> None:
        """Count it."""


class Counters:
    """All rows, by whoever has the file."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._memory = mmap.mmap(descriptor, BYTES)
        self._numbers = memoryview(self._memory).cast("d")

    @classmethod
    def create(cls) -> "Counters":
        """Make the file; it is gone with the last process that has it."""
        if hasattr(os, "memfd_create"):
            descriptor = os.memfd_create("homeport-counters")
        else:
            with tempfile.TemporaryFile() as file:
                descriptor = os.dup(file.fileno())
        os.ftruncate(descriptor, BYTES)
        counters = cls(descriptor)
        counters._numbers[len(SERVICES)] = time.time()
        return counters

    def close(self) -> None:
        """Let go of the file."""
        self._numbers.release()
        self._memory.close()
        os.close(self.descriptor)

    def count_restart(self, service: str) -> None:
        """Count that the supervisor has started a service again."""
        if service in SERVICES:
            self._numbers[SERVICES.index(service)] += 1

    def claim(self) -> Observe:
        """Take a row for this process until it ends; return what counts a request in it."""
        row = next((row for row in range(1, ROWS) if self._take(row)), None)
        if row is None:
            return lambda _path, _status, _seconds, _times=1, /, **_more: None
        numbers, lock = self._numbers[row * ROW : (row + 1) * ROW], threading.Lock()
        numbers[STARTS] += 1

        def observe(path: str, status: int, seconds: float, times: int = 1, /, *, is_stored: bool = False) -> None:
            if path not in HEALTH:
                with lock:
                    _count(numbers, status, seconds, times)
                    numbers[STORED] += times if is_stored or not seconds else 0

        return observe

    def totals(self) -> Sequence[float]:
        """Return the sums over all workers, those that are gone included."""
        rows = self._numbers.tolist()[ROW:]
        return [sum(rows[column::ROW]) for column in range(ROW)]

    def restarts(self) -> dict[str, float]:
        """Return how often each service was started again."""
        return dict(zip(SERVICES, self._numbers.tolist(), strict=False))

    @property
    def started_at(self) -> float:
        """When the supervisor began, in seconds since 1970."""
        return self._numbers[len(SERVICES)]

    def _take(self, row: int) -> bool:
        try:
            fcntl.lockf(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, row)
        except OSError:
            return False
        return True


def _count(numbers: "memoryview[float]", status: int, seconds: float, times: int) -> None:
    numbers[min(max(status // 100, 1), len(CLASSES)) - 1] += times
    if status == 304:
        numbers[NOT_MODIFIED] += times
    numbers[SECONDS] += seconds * times
    above = next((number for number, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))
    numbers[FIRST_BOUND + above] += times
