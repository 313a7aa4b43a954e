"""A whole site in a folder of its own: started by the command that people type, found through what it leaves there."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from homeport.ops import probe, process
from homeport.ops.folder import DataFolder
from homeport.ops.process import ProcessId
from homeport.ops.tenancy import Tenant, find_tenant

PATIENCE_SECONDS = 90.0


@dataclass
class Stack:
    """One installation and the processes that run it."""

    folder: DataFolder
    port: int
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
            env=self.surroundings(**environment),
        )

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-P", "-m", "homeport", "--data", str(self.folder.root), *arguments]

    def surroundings(self, **environment: str) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if name not in ("DB_URI", "FLASK_KEY", "PORT")}
        return {**ours, **self.environment, **environment}

    def up(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Start the site in the background, on the port that is kept for it."""
        return self.run("up", "--detach", *(arguments or ("--port", str(self.port))), **environment)

    def status(self) -> dict[str, object]:
        facts: dict[str, object] = json.loads(self.run("status", "--json").stdout)
        return facts

    def tenant(self) -> Tenant:
        tenant = find_tenant(self.folder)
        assert tenant is not None
        return tenant

    def supervisor(self) -> ProcessId:
        return self.tenant().process

    def master(self) -> ProcessId:
        master = self.tenant().web_server
        assert master is not None
        return master

    def workers(self) -> list[ProcessId]:
        number = self.master().number
        numbers = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        return [worker for each in numbers if (worker := ProcessId.of(int(each)))]

    def database(self) -> ProcessId:
        server = ProcessId.of(int((self.folder.cluster / "postmaster.pid").read_text().split()[0]))
        assert server is not None
        return server

    def is_ready(self) -> bool:
        answer = probe.ask(("127.0.0.1", self.port), "/readyz", seconds=5)
        return answer is not None and answer.says_database_is_up()

    def wait_until_ready(self) -> bool:
        return process.wait_until(self.is_ready, PATIENCE_SECONDS)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """An installation on a free port; what still runs of it after the test is ended."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    stack = Stack(DataFolder(tmp_path / "data"), port)
    yield stack
    stack.run("down")
