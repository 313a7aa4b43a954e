"""Remembers what a worker has answered by itself, until it is told in the log and in the metrics, many at once."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence

from homeport.cache.answers import Answered

MOST_UNTOLD = 500


def _ignore(_answered: Sequence[Answered]) -> None:
    """Stand in for a log."""


class Ledger:
    """What was answered and not told yet."""

    def __init__(
        self,
        observe: Callable[[str, int, float, int], None] | None = None,
        log: Callable[[Sequence[Answered]], None] = _ignore,
    ) -> None:
        self._observe = observe
        self._log = log
        self._waiting: deque[Answered] = deque()
        self._lock = threading.Lock()
        self.told = 0

    def note(self, answered: Answered) -> None:
        """Remember an answer; when there are many, they are told at once."""
        self._waiting.append(answered)
        if len(self._waiting) >= MOST_UNTOLD:
            self.tell()

    def tell(self) -> None:
        """Count and log what was answered since the last time."""
        with self._lock:
            # Whoever notes something meanwhile waits for nobody.
            answered = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if answered:
                self._tell(answered)

    def _tell(self, answered: Sequence[Answered]) -> None:
        self.told += len(answered)
        if self._observe is not None:
            alike = Counter((head.key, status) for _, _, head, status, _, _ in answered)
            for (path, status), times in alike.items():
                self._observe(path, status, 0.0, times)
        self._log(answered)
