"""Gunicorn as the supervisor sees it: a child with a pulse, whose workers are asked now and then."""

import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

from homeport.errors import UnavailableError
from homeport.ops import probe, process
from homeport.ops.copies import start_copy
from homeport.ops.gunicorn_config import GRACEFUL_SECONDS
from homeport.ops.heartbeat import Monitor
from homeport.ops.process import Child, ProcessId
from homeport.ops.services import how_it_ended

PROBE_EVERY_SECONDS = 5.0
PROBE_SECONDS = 5.0
PROBES_TO_FAIL = 3


class StartError(UnavailableError):
    """A service ended while it was starting, and has said why itself; carries its exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class WebService:
    """Gunicorn: its master and, through it, the workers."""

    name = "the web server"

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        environment: Mapping[str, str],
        *,
        arguments: Sequence[str] = (),
        keep: Sequence[int] = (),
        on_start: Callable[[ProcessId], None] = lambda _: None,
        first_run: Callable[[Sequence[str]], object] | None = None,
    ) -> None:
        self.listeners = listeners
        self.environment = environment
        self.arguments = arguments
        self.keep = keep
        self.on_start = on_start
        self.child: Child | None = None
        self._first_run = first_run
        self.has_ever_served = False
        self._pulse: Monitor | None = None
        self._probe_at = 0.0
        self._failed_probes = 0

    @property
    def address(self) -> tuple[str, int]:
        """Where this machine can ask it something."""
        host, port = self.listeners[0].getsockname()[:2]
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104 - translated, not bound

    @property
    def is_serving(self) -> bool:
        """Whether Gunicorn has loaded what readers need and made its first worker."""
        return self._pulse is not None and self._pulse.is_serving

    @property
    def is_complete(self) -> bool:
        """Whether it has loaded all of the site, and made the workers that stay."""
        return self._pulse is not None and self._pulse.is_complete

    def start(self) -> None:
        """Start Gunicorn on the sockets that are already open; its pulse tells when it serves."""
        self._pulse = Monitor()
        self._failed_probes = 0
        self._probe_at = 0.0
        descriptors = [listener.fileno() for listener in self.listeners]
        self.child = self._start_child(self._pulse.writing, descriptors)
        self._pulse.handed_over()
        started = ProcessId.of(self.child.pid)
        if started is not None:
            self.on_start(started)

    def _start_child(self, pulse: int, listeners: Sequence[int]) -> Child:
        """Start the first one, for which people wait, in a copy of this process, and every other as a new program.

        That one may be needed after years, and find other modules on the disk than those that are loaded here.
        """
        arguments = [*self.arguments, "--heartbeat", str(pulse), "--listen", *map(str, listeners)]
        keep = (*listeners, pulse, *self.keep)
        first_run, self._first_run = self._first_run, None
        if first_run is not None:
            run = partial(first_run, arguments)
            return start_copy(run, environment=self.environment, keep=keep, death_signal=signal.SIGQUIT)
        command = process.python("-P", "-m", "homeport.ops.webserver", *arguments)
        return process.start(command, environment=self.environment, keep=keep, death_signal=signal.SIGQUIT)

    def fault(self, now: float) -> str:
        """Look at the master's pulse, then ask the workers."""
        if self.child is None or self._pulse is None:
            return ""
        if self.child.poll() is not None:
            # Ended by itself before it ever served: it would again. Killed, it may do better the next time.
            if not self.has_ever_served and (self.child.returncode or 0) >= 0:
                raise StartError(f"{self.name} {how_it_ended(self.child)} while starting", self.child.returncode or 0)
            return how_it_ended(self.child)
        self._pulse.feel(now)
        self.has_ever_served = self.has_ever_served or self.is_complete
        if self._pulse.has_stopped(now):
            return "stands still"
        if self.is_serving and now >= self._probe_at:
            self._ask_workers()
        return "does not answer" if self._failed_probes >= PROBES_TO_FAIL else ""

    def kill(self) -> None:
        """End master and workers: what stands still cannot end itself."""
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            process.kill_group(self.child.pid)
            self.child = None
        if self._pulse is not None:
            self._pulse.close()
            self._pulse = None

    def stop(self) -> None:
        """Let requests under way finish, and send whoever comes now elsewhere."""
        if self.child is not None and self.child.poll() is None:
            self._refuse_newcomers()
            process.end(self.child, signal.SIGTERM, seconds=GRACEFUL_SECONDS + 5)
        self.kill()

    def _refuse_newcomers(self) -> None:
        """Close the door for every process that holds it.

        Left open, it would take connections for as long as requests under way need, and reset them at the end; a proxy
        that is refused at once asks another replica, with a form, too.
        """
        for listener in self.listeners:
            # What is no listener any more, or on a Mac cannot be told so, refuses when it is closed.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)

    def _ask_workers(self) -> None:
        answer = probe.ask(self.address, "/healthz", seconds=PROBE_SECONDS)
        self._failed_probes = 0 if answer is not None else self._failed_probes + 1
        self._probe_at = time.monotonic() + (PROBE_EVERY_SECONDS if answer is not None else 1.0)
