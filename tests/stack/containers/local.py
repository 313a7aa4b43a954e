"""A site that `bin/up` runs, with the face of a project of containers: the same things can be done to it."""

import http.client
import signal
import subprocess
from pathlib import Path

from homeport.ops import process
from homeport.ops.process import ProcessId
from tests.stack.conftest import PATIENCE_SECONDS, Stack
from tests.stack.containers.project import DATABASE, LOCAL, SITE, children

CHUNK = bytes(1 << 20)


class Local:
    """One installation on a disk of its own."""

    name = "homeport-local"
    shape = LOCAL

    def __init__(self, stack: Stack, disk: Path) -> None:
        self.stack = stack
        self.disk = disk
        self.host = f"localhost:{stack.port}"
        self._restarts = 0

    def connection(self, seconds: float) -> http.client.HTTPConnection:
        """Return a way to the site as its only reader has it."""
        return http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=seconds)

    def homeport(self, *arguments: str, given: str = "") -> str:
        """Run a command."""
        command, environment = self.stack.command(*arguments), self.stack.surroundings()
        return subprocess.run(
            command, input=given, env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS
        ).stdout

    def start(self) -> None:
        """Start it in the background."""
        started = self.stack.up()
        assert started.returncode == 0, started.stderr

    def start_again(self) -> None:
        """Do what somebody has to do whose supervisor was killed."""
        self.start()
        self._restarts += 1

    def logs(self) -> str:
        """Return what has been said last."""
        return self.stack.run("logs").stdout

    def workers(self) -> list[ProcessId]:
        """Return what Gunicorn's master has started, the jobs worker included."""
        return self.stack.workers()

    def master(self) -> ProcessId:
        """Return Gunicorn's master."""
        return self.stack.master()

    def first_process(self, service: str) -> ProcessId:
        """Return the process that stands where a container's first one does."""
        return {SITE: self.stack.supervisor, DATABASE: self.stack.database}[service]()

    def first_processes(self) -> list[ProcessId]:
        """Return everything that runs."""
        database = self.first_process(DATABASE)
        return [self.first_process(SITE), self.master(), *self.workers(), database, *children(database)]

    def restarts(self, _service: str) -> int:
        """Return how often it was started again."""
        return self._restarts

    def is_healthy(self, _service: str) -> bool:
        """Say whether it is ready."""
        return self.stack.is_ready()

    def pause(self, service: str) -> None:
        """Make the first process of a service stand still."""
        self.first_process(service).send(signal.SIGSTOP)

    def unpause(self, _service: str) -> None:
        """Do nothing: the supervisor has ended what stood still."""

    def fill_disk(self) -> None:
        """Leave no room where its data is."""
        try:
            with (self.disk / "filler").open("wb") as filler:
                while True:
                    filler.write(CHUNK)
        except OSError:
            return

    def make_room(self) -> None:
        """Take away what fills the disk."""
        (self.disk / "filler").unlink()

    def end(self) -> None:
        """End what runs."""
        self.stack.run("down")
        assert process.wait_until(lambda: not self.stack.is_ready(), PATIENCE_SECONDS)
