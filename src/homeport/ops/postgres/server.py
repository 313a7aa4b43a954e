"""The PostgreSQL server of a data folder: started, waited for, ended, and never two at once."""

import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from homeport.errors import UnavailableError
from homeport.ops import kernel, process
from homeport.ops.folder import DataFolder
from homeport.ops.postgres import sockets
from homeport.ops.postgres.binaries import Binaries, find_binaries
from homeport.ops.postgres.cluster import ENVIRONMENT, ensure_cluster
from homeport.ops.postgres.guard import Guard
from homeport.ops.postgres.identity import Identity, choose_identity
from homeport.ops.postgres.predecessor import end_predecessor

START_SECONDS = 60.0
STOP_SECONDS = 60.0

# Small memory, because the site shares its host; durability as PostgreSQL has it by default: everything on.
_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "wal_compression": "pglz",
    "max_wal_size": "512MB",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    # A refused statement holds what people wrote, and so does the row in its DETAIL: the log says only what was wrong.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_STILL_IN_USE = "pre-existing shared memory block"


class Server:
    """One PostgreSQL server; whoever starts it holds the data folder (see `homeport.ops.tenancy`)."""

    def __init__(
        self, folder: DataFolder, *, binaries: Binaries | None = None, identity: Identity | None = None
    ) -> None:
        self.folder = folder
        self.identity = identity or choose_identity(folder.cluster)
        self.binaries = self.identity.binaries(binaries or find_binaries())
        self.process: subprocess.Popen[bytes] | None = None
        self.was_created = False
        self._has_run = False
        self._guard: Guard | None = None
        self._log_offset = 0

    @property
    def uri(self) -> str:
        """The address of the site's database; known before the server runs."""
        return sockets.uri(self.socket_folder)

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket; made at the first question."""
        return sockets.prepare_socket_folder(self.folder, self.identity)

    def start(self) -> None:
        """Start the server and return when it takes connections; raises UnavailableError with PostgreSQL's reason."""
        self._require_cluster()
        end_predecessor(self.folder.cluster, self.socket_folder)
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._spawn()
            reason = self._wait_until_ready(deadline)
            if not reason:
                return
            # After a kill -9 of the server its sessions need a moment to notice and to let go of the memory.
            if _STILL_IN_USE not in reason or time.monotonic() > deadline:
                raise UnavailableError(f"PostgreSQL did not start: {reason}", hint=f"See {self.folder.database_log}.")
            time.sleep(0.1)

    def _require_cluster(self) -> None:
        """Make the cluster if there is none, but never in the place of one that was there."""
        if not self._has_run:
            self.was_created = ensure_cluster(self.folder, self.binaries, self.identity)
            self._has_run = True
        elif not (self.folder.cluster / "PG_VERSION").exists():
            raise UnavailableError(
                f"cannot start: its data in {self.folder.cluster} is gone",
                hint="Put the folder back, or end the site and start it anew.",
            )

    def is_stopped(self) -> bool:
        """Say whether the server's first process stands still, as after SIGSTOP: nobody else would notice."""
        return self.process is not None and process.state_of(self.process.pid) == "T"

    def kill(self) -> None:
        """End the first process at once; its sessions notice, and go too."""
        self._dismiss_guard()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            process.kill_group(self.process.pid)
            self.process = None

    def stop(self) -> None:
        """End the server: sessions are cut, everything is written, the next start needs no recovery."""
        self._end()
        sockets.remove_socket_folder(self.folder)

    def failure(self) -> str:
        """Return why the server ended, in its own words."""
        with self.folder.database_log.open("rb") as log:
            log.seek(self._log_offset)
            lines = log.read().decode("utf-8", errors="replace").splitlines()
        reasons = [line.partition("FATAL:")[2] or line.partition("PANIC:")[2] for line in lines]
        told = [reason.strip() for reason in reasons if reason]
        return told[-1] if told else (lines[-1] if lines else "no reason given")

    def _spawn(self) -> None:
        arguments: list[str | Path] = [self.binaries.bin / "postgres", "-D", self.folder.cluster]
        for name, value in {**_OPTIONS, "unix_socket_directories": _quoted(self.socket_folder)}.items():
            arguments += ["-c", f"{name}={value}"]
        with self.folder.database_log.open("ab") as log:
            self._log_offset = log.tell()
            self.process = process.start(
                arguments,
                environment=ENVIRONMENT,
                output=log,
                become=self.identity.enter,
                death_signal=signal.SIGINT,
            )
        self._dismiss_guard()
        if not kernel.IS_LINUX:
            self._guard = Guard(self.process.pid)

    def _wait_until_ready(self, deadline: float) -> str:
        """Return the reason why the server does not run; empty when it does."""
        assert self.process is not None
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                return self.failure()
            if is_ready(self.folder.cluster, self.process.pid):
                return ""
            time.sleep(process.POLL_SECONDS)
        self._end()
        return f"it was not ready after {START_SECONDS:.0f} seconds"

    def _end(self) -> None:
        self._dismiss_guard()
        if self.process is not None and self.process.poll() is None:
            process.end(self.process, signal.SIGINT, seconds=STOP_SECONDS, then=signal.SIGQUIT)
        self.process = None

    def _dismiss_guard(self) -> None:
        if self._guard is not None:
            self._guard.dismiss()
            self._guard = None


def is_ready(cluster: Path, pid: int | None = None) -> bool:
    """Say whether a server, or the one with this process number, takes connections.

    It keeps a note of its own state: the first line is its process, the eighth its status.
    """
    with suppress(FileNotFoundError):
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        return len(lines) >= 8 and lines[7].strip() == "ready" and pid in (None, int(lines[0]))
    return False


def _quoted(path: Path) -> str:
    return '"' + str(path).replace('"', '""') + '"'
