"""The process of `/metrics` as the supervisor sees it: of all services the one that readers do not need."""

import signal
from collections.abc import Mapping

from homeport.ops import process
from homeport.ops.metrics.counters import Counters
from homeport.ops.process import Child
from homeport.ops.services import Stillness, how_it_ended

STOP_SECONDS = 2.0


class MetricsService:
    """One program with the counters in its hands; whatever becomes of it, the site goes on."""

    name = "the metrics"

    def __init__(self, counters: Counters, environment: Mapping[str, str]) -> None:
        self.counters = counters
        self.environment = environment
        self.child: Child | None = None
        self._stillness = Stillness()

    def start(self) -> None:
        """Start it."""
        number = self.counters.descriptor
        command = process.python("-P", "-m", "homeport.ops.metrics.server", "--counters", str(number))
        self.child = process.start(command, environment=self.environment, keep=(number,))

    def fault(self, now: float) -> str:
        """Look whether it still runs, and does not stand still; a scrape that hangs is Prometheus' to notice."""
        if self.child is None:
            return ""
        if self.child.poll() is not None:
            return how_it_ended(self.child)
        is_stopped = process.state_of(self.child.pid) == "T"
        return "stands still" if self._stillness.is_too_long(now, is_stopped=is_stopped) else ""

    def kill(self) -> None:
        """End it at once."""
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            self.child = None
        self._stillness = Stillness()

    def stop(self) -> None:
        """End it; it has nothing to finish."""
        if self.child is not None and self.child.poll() is None:
            process.end(self.child, signal.SIGTERM, seconds=STOP_SECONDS)
        self.kill()
