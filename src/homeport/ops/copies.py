"""A child that goes on in a copy of this process: it needs no other Python, and shares what is imported already.

Everything of the parent that a new program would not have, its open files, its signal handlers, its environment, is
taken from the child before it begins; of the parent's Python it keeps the imported modules and nothing that runs.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import NoReturn

from homeport.ops import kernel

HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
MOST_DESCRIPTORS = 65536


class Copy:
    """Such a child, with the part of `subprocess.Popen` that the supervisor uses."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return how it ended: its exit code, or minus the signal; None while it runs."""
        return self._bury(os.WNOHANG)

    def wait(self) -> int | None:
        """Wait for its end."""
        return self._bury(0)

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _bury(self, options: int) -> int | None:
        if self.returncode is None:
            try:
                number, status = os.waitpid(self.pid, options)
            except ChildProcessError:
                # Somebody else has buried it, and nobody knows how it ended.
                self.returncode = 0
            else:
                self.returncode = os.waitstatus_to_exitcode(status) if number else None
        return self.returncode


def start_copy(
    run: Callable[[], object], *, environment: Mapping[str, str], keep: Iterable[int], death_signal: int
) -> Copy:
    """Start a child that runs this in a session of its own, with these open files beside the standard ones.

    On Linux it receives `death_signal` when the calling thread ends. Call while this process has no other thread.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _live(run, environment, sorted(keep), death_signal, parent)
    return Copy(pid)


def _live(
    run: Callable[[], object], environment: Mapping[str, str], keep: list[int], death_signal: int, parent: int
) -> NoReturn:
    """Be the child. Whatever happens, it must never come back into what the parent was doing."""
    code = 1
    try:
        _forget_signals()
        os.setsid()
        kernel.die_with_parent(death_signal)
        if os.getppid() == parent:
            _forget_files(keep)
            os.environ.clear()
            os.environ.update(environment)
            run()
            code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - see above
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


def _forget_signals() -> None:
    for number in HANDLED:
        # In the background nobody listens to SIGHUP, a new program neither.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def _forget_files(keep: list[int]) -> None:
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    first = 3
    for number in keep:
        os.closerange(first, number)
        first = number + 1
    os.closerange(first, max(first, MOST_DESCRIPTORS))
