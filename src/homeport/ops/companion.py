"""A child of Gunicorn's master that does other work than answering, out of the same memory: started, watched, ended.

Today that is the jobs worker. It may be killed at any instant, and it ends with its parent.
"""

import logging
import mmap
import os
import signal
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from homeport.ops import kernel, process

Promise = Callable[[float], None]
Work = Callable[[Promise], None]
"""Works until SIGTERM, and says again and again within how many seconds it will say so the next time."""

# The first readers come first.
FIRST_DELAY_SECONDS = 1.0
SHORTEST_DELAY_SECONDS = 0.1
LONGEST_DELAY_SECONDS = 10.0
GOOD_LIFE_SECONDS = 30.0
LOADING_SECONDS = 60.0
LEAVE_SECONDS = 3.0

log = logging.getLogger("homeport.companion")


class Companion:
    """One such child, seen from the master; `let_go` runs in the child and closes what is the master's alone."""

    def __init__(self, work: Work, *, let_go: Callable[[], None] = lambda: None) -> None:
        self.work = work
        self.let_go = let_go
        self.number = 0
        self._due = _SharedMoment()
        self._start_at = time.monotonic() + FIRST_DELAY_SECONDS
        self._started_at = 0.0
        self._delay = 0.0

    def look(self, now: float) -> None:
        """Start the child if it does not run, and end it first if it has broken its promise."""
        if self.number and self._has_ended():
            self._postpone(now, "has ended")
        elif self.number and now > self._due.get():
            self._kill()
            self._postpone(now, "stood still")
        elif not self.number and now >= self._start_at:
            self._start(now)

    def stop(self) -> None:
        """Let the child end what it does, if that is soon; whatever it leaves undone is done by its successor."""
        if self.number and not self._has_ended():
            os.kill(self.number, signal.SIGTERM)
            process.wait_until(self._has_ended, LEAVE_SECONDS)
        if self.number and not self._has_ended():
            self._kill()
        self._start_at = float("inf")
        self.number = 0

    def _start(self, now: float) -> None:
        self._started_at = now
        self._due.set(now + LOADING_SECONDS)
        master = os.getpid()
        number = os.fork()
        if number == 0:
            self._live(master)
        self.number = number

    def _live(self, master: int) -> NoReturn:
        """Be the child."""
        code = 1
        try:
            for each in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGCHLD):
                signal.signal(each, signal.SIG_DFL)
            kernel.die_with_parent(signal.SIGKILL)
            self.let_go()

            def promise(seconds: float) -> None:
                # The kernel of a Mac does not tell of a parent's death.
                if os.getppid() != master:
                    os._exit(1)
                self._due.set(time.monotonic() + seconds)

            promise(LOADING_SECONDS)
            self.work(promise)
            code = 0
        except BaseException:
            log.exception("the companion of the web server has failed")
        finally:
            # Python's own way out would take apart, and so copy, all the memory that is shared with the master.
            logging.shutdown()
            os._exit(code)

    def _has_ended(self) -> bool:
        """Say whether the child is gone, whoever has buried it: Gunicorn buries every child of this process."""
        try:
            return os.waitpid(self.number, os.WNOHANG)[0] != 0
        except ChildProcessError:
            return True

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.number, signal.SIGKILL)
        process.wait_until(self._has_ended, process.KILL_SECONDS)

    def _postpone(self, now: float, fault: str) -> None:
        lived_well = now - self._started_at > GOOD_LIFE_SECONDS
        doubled = min(self._delay * 2, LONGEST_DELAY_SECONDS)
        self._delay = SHORTEST_DELAY_SECONDS if lived_well or not self._delay else doubled
        self._start_at = now + self._delay
        self.number = 0
        log.warning("the jobs worker %s; starting it again", fault)


class _SharedMoment:
    """A moment that master and child both see; eight bytes that are aligned are read and written in one piece."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)

    def get(self) -> float:
        moment: float = struct.unpack_from("d", self._memory)[0]
        return moment

    def set(self, moment: float) -> None:
        struct.pack_into("d", self._memory, 0, moment)
