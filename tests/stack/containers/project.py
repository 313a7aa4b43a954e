"""One Compose project of a test: started, looked into, spoiled and thrown away."""

import http.client
import json
import os
import ssl
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from homeport.ops import process
from homeport.ops.process import ProcessId

PATIENCE_SECONDS = 180.0
METRICS = "homeport.ops.metrics"
SITE, DATABASE, PROXY, JOBS = "flask-blog", "postgres", "nginx-proxy-manager", "jobs"
HOST = "blog.example"
OURS, PLAN, LOCAL = "our compose file", "the plan's compose file", "`bin/up`"
"""The ways in which a site is run."""


@dataclass
class Project:
    """A folder with a compose file, and the containers made from it; `disk` may hold its database."""

    root: Path
    name: str
    https_port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    disk: Path = Path("/nonexistent")
    recovery_key: str = ""
    shape: str = OURS
    host: str = HOST

    def connection(self, seconds: float) -> http.client.HTTPConnection:
        """Return a way to the site as its readers have it, through the proxy."""
        context = ssl._create_unverified_context()
        return http.client.HTTPSConnection("127.0.0.1", self.https_port, timeout=seconds, context=context)

    def compose(self, *arguments: str, given: str = "", check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run `docker compose` in the folder."""
        return self._run("docker", "compose", "--project-name", self.name, *arguments, given=given, check=check)

    def up(self, *arguments: str) -> None:
        """Start everything and wait until it is healthy."""
        self.compose("up", "--detach", "--wait", *arguments)

    def down(self, *arguments: str) -> None:
        """Remove containers and networks; volumes stay."""
        self.compose("down", "--timeout", "20", *arguments)

    def homeport(self, *arguments: str, given: str = "") -> str:
        """Run a command of ours in the site's container."""
        return self.compose("exec", "-T", SITE, "homeport", *arguments, given=given).stdout

    def shell(self, service: str, script: str, *, user: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a line of bash in a container; its exit code is the caller's to judge."""
        options = ["--user", user] if user else []
        return self.compose("exec", "-T", *options, service, "bash", "-c", script, check=False)

    def containers(self) -> dict[str, dict[str, Any]]:
        """Return what the engine knows of each container, by service."""
        return {each["Config"]["Labels"]["com.docker.compose.service"]: each for each in self.all_containers()}

    def all_containers(self, *services: str) -> list[dict[str, Any]]:
        """Return what the engine knows of each container, also where a service has several."""
        numbers = self.compose("ps", "--all", "--quiet", *services).stdout.split()
        found: list[dict[str, Any]] = json.loads(self._run("docker", "inspect", *numbers).stdout) if numbers else []
        return found

    def container(self, service: str) -> dict[str, Any]:
        """Return what the engine knows of one container."""
        return self.containers()[service]

    def address(self, service: str, network: str) -> str:
        """Return the address of a container on one of the project's networks."""
        networks = self.container(service)["NetworkSettings"]["Networks"]
        return str(networks[f"{self.name}_{network}"]["IPAddress"])

    def cut_off(self, service: str) -> None:
        """Cut a container off the network of the database."""
        self._network("disconnect", service)

    def join_again(self, service: str) -> None:
        """Connect a container again that was cut off."""
        self._network("connect", service, "--alias", service)

    def pause(self, service: str) -> None:
        """Make everything in a container stand still."""
        self.compose("pause", service)

    def unpause(self, service: str) -> None:
        """Let a container go on."""
        self.compose("unpause", service)

    def fill_disk(self) -> None:
        """Leave no room on the database's disk."""
        filled = self.shell(DATABASE, "cat /dev/zero > /var/lib/postgresql/filler")
        assert "No space left" in filled.stderr

    def make_room(self) -> None:
        """Take away what fills the disk."""
        (self.disk / "filler").unlink()

    def start_again(self) -> None:
        """Do what somebody has to do whose supervisor was killed: nothing, the engine does it."""

    def first_process(self, service: str) -> ProcessId:
        """Return a container's first process, as the host sees it."""
        found = ProcessId.of(self.container(service)["State"]["Pid"])
        assert found is not None, f"{service} does not run"
        return found

    def master(self) -> ProcessId:
        """Return Gunicorn's master, the first process' child beside the metrics."""
        [master] = [child for child in children(self.first_process(SITE)) if METRICS not in _command(child)]
        return master

    def metrics(self) -> ProcessId:
        """Return the process that tells the metrics."""
        [metrics] = [child for child in children(self.first_process(SITE)) if METRICS in _command(child)]
        return metrics

    def workers(self) -> list[ProcessId]:
        """Return Gunicorn's workers."""
        return children(self.master())

    def restarts(self, service: str) -> int:
        """Return how often the engine has started the container again."""
        return int(self.container(service)["RestartCount"])

    def is_healthy(self, service: str) -> bool:
        """Say what the engine's health check says."""
        return bool(self.container(service)["State"].get("Health", {}).get("Status") == "healthy")

    def wait_until_healthy(self, service: str) -> bool:
        """Wait for the engine's health check."""
        return process.wait_until(lambda: self.is_healthy(service), PATIENCE_SECONDS)

    def logs(self) -> str:
        """Return what all containers have said last."""
        return self.compose("logs", "--tail", "40", check=False).stdout

    def first_processes(self) -> list[ProcessId]:
        """Return every container's first process, and what keeps each for the engine."""
        firsts = [self.first_process(service) for service in self.containers()]
        keepers = [keeper for first in firsts if (keeper := ProcessId.of(_parent(first)))]
        return firsts + keepers

    def _network(self, action: str, service: str, *options: str) -> None:
        name = f"{self.name}_{'data' if self.shape == OURS else 'default'}"
        self._run("docker", "network", action, *options, name, self.container(service)["Id"])

    def _run(self, *command: str, given: str = "", check: bool = True) -> "subprocess.CompletedProcess[str]":
        result = subprocess.run(
            command,
            cwd=self.root,
            env={**os.environ, **self.environment},
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        assert result.returncode == 0 or not check, f"{' '.join(command)}\n{result.stdout}{result.stderr}"
        return result


def children(parent: ProcessId) -> list[ProcessId]:
    """Return the processes that a process has started, the oldest first."""
    numbers = Path(f"/proc/{parent.number}/task/{parent.number}/children").read_text().split()
    return [child for number in numbers if (child := ProcessId.of(int(number)))]


def moment(stamp: str) -> datetime:
    """Read the engine's time stamps, which have nine digits of a second."""
    whole, _, fraction = stamp.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}+00:00")


def _command(process_id: ProcessId) -> str:
    return Path(f"/proc/{process_id.number}/cmdline").read_text()


def _parent(child: ProcessId) -> int:
    status = Path(f"/proc/{child.number}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("PPid:")))
