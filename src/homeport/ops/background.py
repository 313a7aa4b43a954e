"""Leaves the terminal: the caller goes on in a process that survives it, and the terminal waits for good news."""

import os
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path

READY_SECONDS = 120.0


class Background:
    """The process left behind, as the one at the terminal sees it."""

    def __init__(self, pid: int, news: int) -> None:
        self.pid = pid
        self._news = news

    def wait(self, seconds: float = READY_SECONDS) -> str:
        """Return what the process reported; empty when it ended, or took longer than the seconds."""
        ready, _, _ = select.select([self._news], [], [], seconds)
        return os.read(self._news, 4096).decode() if ready else ""

    def exit_code(self) -> int | None:
        """Return the code with which the process ended; None while it runs."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None


def leave_terminal(log: Path) -> Background | Callable[[str], None]:
    """Split in two: the process at the terminal gets the Background, the one behind it a function to report with.

    What the one behind writes goes to the log.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    news, reporting = os.pipe()
    pid = os.fork()
    if pid:
        os.close(reporting)
        return Background(pid, news)
    os.close(news)
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    _redirect(log)

    def report(text: str) -> None:
        os.write(reporting, text.encode())
        os.close(reporting)

    return report


def _redirect(log: Path) -> None:
    nowhere = os.open(os.devnull, os.O_RDONLY)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nowhere, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(nowhere)
    os.close(output)
