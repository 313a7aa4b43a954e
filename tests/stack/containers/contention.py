"""How much longer everything takes because other programs want the processors too."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

BURST_SECONDS = 0.05
EVERY_SECONDS = 1.0


class Contention:
    """Works for an instant now and then, and compares the time that took with the processor's time for it."""

    def __init__(self) -> None:
        self._wall = self._worked = BURST_SECONDS
        self._is_over = threading.Event()

    @property
    def factor(self) -> float:
        """Return 1 on a machine of one's own, 3 where two others want as much."""
        return max(1.0, self._wall / self._worked)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch until the block ends."""
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(EVERY_SECONDS):
            wall, worked = time.monotonic(), time.thread_time()
            while time.thread_time() - worked < BURST_SECONDS:
                pass
            self._wall += time.monotonic() - wall
            self._worked += time.thread_time() - worked
