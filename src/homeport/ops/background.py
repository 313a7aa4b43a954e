"""Leaves the terminal: the caller goes on in a process that survives it, and the terminal waits for good news."""

import os
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from homeport.errors import UnavailableError

READY_SECONDS = 120.0


class Background:
    """The process left behind, as the one at the terminal sees it."""

    def __init__(self, pid: int, news: int) -> None:
        self.pid = pid
        self._news = news

    def wait(self, seconds: float = READY_SECONDS) -> str | int:
        """Return what the process reported, or the code with which it ended without a report.

        Raises UnavailableError when it has done neither in time.
        """
        news = self.hear(seconds)
        if news is None:
            raise UnavailableError("the site is still starting", hint="`homeport logs -f` shows what it does.")
        return news

    def hear(self, seconds: float) -> str | int | None:
        """Return what `wait` does, but None when there is no news within this time."""
        ready, _, _ = select.select([self._news], [], [], seconds)
        if not ready:
            return None
        report = os.read(self._news, 4096).decode()
        return report or os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def end(self) -> None:
        """End the process: what it waits for is not going to come."""
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)


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
