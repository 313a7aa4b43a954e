"""What the supervisor looks after: each service can be started, looked at, killed and ended in peace."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from homeport.errors import UnavailableError
from homeport.ops import probe, process
from homeport.ops.gunicorn_config import GRACEFUL_SECONDS
from homeport.ops.postgres.server import Server
from homeport.ops.process import ProcessId

# The master's loop turns once a second. Ten without a turn mean that it will not reap, replace or time out a worker,
# while readers notice nothing yet: the workers still answer.
HEARTBEAT_SECONDS = 10.0
# The first turn comes after the application is loaded and the schema brought up to date, which may take its time.
START_SECONDS = 900.0
PROBE_EVERY_SECONDS = 5.0
PROBES_TO_FAIL = 3


class StartError(UnavailableError):
    """A service ended while it was starting, and has said why itself; carries its exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class Service(Protocol):
    """One thing that must run as long as the site does."""

    @property
    def name(self) -> str:
        """What people call it."""

    def start(self) -> None:
        """Start it; raises UnavailableError when that fails at once."""

    def fault(self, now: float) -> str:
        """Return why it has to be started again; empty while all is well."""

    def kill(self) -> None:
        """End what is left of it, at once."""

    def stop(self) -> None:
        """End it in peace."""


class PostgresService:
    """The database that lives in the data folder."""

    name = "PostgreSQL"

    def __init__(self, server: Server) -> None:
        self.server = server

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self.server.start()

    def fault(self, now: float) -> str:  # noqa: ARG002 - the database needs no clock to be seen dead
        """Look whether it still runs."""
        child = self.server.process
        if child is None or child.poll() is None:
            return ""
        return _how_it_ended(child)

    def kill(self) -> None:
        """Nothing is left when its first process has gone: the others see it and go too."""

    def stop(self) -> None:
        """Shut it down."""
        self.server.stop()


class WebService:
    """Gunicorn: its master and, through it, the workers."""

    name = "the web server"

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        environment: Mapping[str, str],
        *,
        arguments: Sequence[str] = (),
        on_start: Callable[[ProcessId], None] = lambda _: None,
    ) -> None:
        self.listeners = listeners
        self.environment = environment
        self.command = process.python("-P", "-m", "homeport.ops.webserver", *arguments)
        self.on_start = on_start
        self.child: subprocess.Popen[bytes] | None = None
        self.has_beaten = False
        self.has_ever_beaten = False
        self._heartbeat = -1
        self._alive_at = 0.0
        self._probe_at = 0.0
        self._failed_probes = 0

    @property
    def address(self) -> tuple[str, int]:
        """Where this machine can ask it something."""
        host, port = self.listeners[0].getsockname()[:2]
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104 - translated, not bound

    def start(self) -> None:
        """Start Gunicorn on the sockets that are already open; it says by its first heartbeat that it serves."""
        heartbeat, beating = os.pipe()
        os.set_blocking(heartbeat, False)
        descriptors = [listener.fileno() for listener in self.listeners]
        listen = map(str, descriptors)
        self.child = process.start(
            [*self.command, "--heartbeat", str(beating), "--listen", *listen],
            environment=self.environment,
            keep=(*descriptors, beating),
            death_signal=signal.SIGQUIT,
        )
        os.close(beating)
        self._heartbeat = heartbeat
        self.has_beaten = False
        self._alive_at = time.monotonic()
        self._failed_probes = 0
        started = ProcessId.of(self.child.pid)
        if started is not None:
            self.on_start(started)

    def fault(self, now: float) -> str:
        """Look at the master's pulse, then ask the workers."""
        if self.child is None:
            return ""
        if self.child.poll() is not None:
            if not self.has_ever_beaten:
                raise StartError(f"{self.name} {_how_it_ended(self.child)} while starting", self.child.returncode)
            return _how_it_ended(self.child)
        self._feel_pulse(now)
        if now - self._alive_at > (HEARTBEAT_SECONDS if self.has_beaten else START_SECONDS):
            return "stands still"
        if self.has_beaten and now >= self._probe_at:
            self._ask_workers()
            if self._failed_probes >= PROBES_TO_FAIL:
                return "does not answer"
        return ""

    def kill(self) -> None:
        """End master and workers: what stands still cannot end itself."""
        if self.child is not None:
            process.kill_group(self.child.pid)
            self.child.wait()
            os.close(self._heartbeat)
            self.child = None

    def stop(self) -> None:
        """Let requests under way finish."""
        if self.child is not None and self.child.poll() is None:
            process.end(self.child, signal.SIGTERM, seconds=GRACEFUL_SECONDS + 5)
        self.kill()

    def _feel_pulse(self, now: float) -> None:
        with contextlib.suppress(BlockingIOError):
            if os.read(self._heartbeat, 4096):
                if not self.has_beaten:
                    self._probe_at = now + PROBE_EVERY_SECONDS
                self.has_beaten = self.has_ever_beaten = True
                self._alive_at = now

    def _ask_workers(self) -> None:
        answer = probe.ask(self.address, "/healthz")
        self._failed_probes = 0 if answer is not None else self._failed_probes + 1
        self._probe_at = time.monotonic() + (PROBE_EVERY_SECONDS if answer is not None else 1.0)


def _how_it_ended(child: subprocess.Popen[bytes]) -> str:
    code = child.returncode
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
