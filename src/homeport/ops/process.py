"""Starting, recognising and ending other processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, Self

from homeport.ops import kernel

POLL_SECONDS = 0.01
# A killed process is gone at once, unless its disk hangs or nobody buries it.
KILL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process and the moment it started, because the bare number is given to another one sooner or later."""

    number: int
    started: str

    @classmethod
    def of(cls, number: int) -> Self | None:
        """Return the process that has this number now."""
        started = _start_mark(number)
        return cls(number, started) if started else None

    def is_alive(self) -> bool:
        """Say whether this very process, not a successor in number, still runs."""
        return _start_mark(self.number) == self.started

    def has_successor(self) -> bool:
        """Say whether another process has this number by now."""
        return _start_mark(self.number) not in ("", self.started)

    def send(self, signal_number: int) -> None:
        """Send the signal, unless the process has ended."""
        if self.is_alive():
            with suppress(ProcessLookupError):
                os.kill(self.number, signal_number)

    def wait(self, seconds: float) -> bool:
        """Wait until the process, which need not be a child, has ended; say whether it has."""
        return wait_until(lambda: not self.is_alive(), seconds)


def start(
    arguments: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    keep: Iterable[int] = (),
    become: Callable[[], None] | None = None,
    death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C reaches it only through us.

    On Linux it receives `death_signal` when the calling thread ends, whatever ends it: call from the main thread.
    `become` runs in the child before the program; `keep` names the file descriptors the child inherits.
    """
    parent = os.getpid()

    def prepare() -> None:
        if become is not None:
            become()
        kernel.die_with_parent(death_signal)
        if os.getppid() != parent:
            os._exit(1)

    return subprocess.Popen(
        arguments,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=tuple(keep),
        start_new_session=True,
        preexec_fn=prepare,  # noqa: PLW1509 - the only place between fork and exec; `prepare` takes no lock
    )


class Child(Protocol):
    """A child, however it was started."""

    @property
    def pid(self) -> int:
        """Its number."""

    @property
    def returncode(self) -> int | None:
        """How it ended, once that was asked: its exit code, or minus the signal."""

    def poll(self) -> int | None:
        """Ask how it ended; None while it runs."""

    def wait(self) -> int | None:
        """Wait for its end."""

    def send_signal(self, number: int, /) -> None:
        """Send it a signal, unless it has ended."""

    def kill(self) -> None:
        """End it at once."""


def end(process: Child, first: int, *, seconds: float, then: int = signal.SIGKILL) -> bool:
    """End a child with the first signal, after the seconds with the second; say whether the first was enough."""
    process.send_signal(first)
    if wait_until(lambda: process.poll() is not None, seconds):
        return True
    process.send_signal(then)
    process.wait()
    return False


def kill_group(leader: int) -> None:
    """Kill every process of the group, whether or not its leader still lives, and wait until all are gone."""
    wait_until(lambda: not _signal_group(leader, signal.SIGKILL), KILL_SECONDS)


def python(*arguments: str | Path) -> list[str | Path]:
    """Return the command line of this very interpreter with the arguments."""
    return [sys.executable, *arguments]


def wait_until(is_so: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again until the answer is yes or the seconds are over."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def program_of(number: int) -> str:
    """Return the file name of the program a process runs; empty when it has ended or belongs to someone hidden."""
    try:
        if kernel.IS_LINUX:
            return Path(f"/proc/{number}/comm").read_text(encoding="utf-8", errors="replace").strip()
        return Path(_ask_ps(number, "comm=")).name
    except OSError:
        return ""


def state_of(number: int) -> str:
    """Return the letter of a process's state, "T" for one that was stopped; empty when it has ended."""
    if not kernel.IS_LINUX:
        return _ask_ps(number, "state=")[:1]
    fields = _stat_fields(number)
    return fields[0] if fields else ""


def _start_mark(number: int) -> str:
    """Return what tells a process from an earlier one with the same number; empty for none and for a zombie."""
    if not kernel.IS_LINUX:
        return _ask_ps(number, "lstart=")
    fields = _stat_fields(number)
    return "" if not fields or fields[0] in "ZX" else fields[19]


def _stat_fields(number: int) -> list[str]:
    """Return what Linux says of a process, from its state on; nothing when it has ended."""
    try:
        line = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    # The second field, the program's name in brackets, may hold blanks and brackets itself.
    return line.rpartition(")")[2].split()


def _ask_ps(number: int, column: str) -> str:
    answer = subprocess.run(["ps", "-o", column, "-p", str(number)], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def _signal_group(leader: int, signal_number: int) -> bool:
    """Send the signal to a group of processes; say whether there was anyone to get it."""
    try:
        os.killpg(leader, signal_number)
    except (ProcessLookupError, PermissionError):
        # A group whose processes are all dead but not yet buried is "not permitted" on macOS.
        return False
    return True
