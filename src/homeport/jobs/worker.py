"""The process that does jobs: it sleeps until there is one, waits for a database that is away, and may be killed."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable

import psycopg2
from sqlalchemy.exc import DBAPIError

from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.errors import UnavailableError
from homeport.jobs.bell import Bell
from homeport.jobs.doing import Doer
from homeport.jobs.registry import Registry
from homeport.settings import Settings

# The bell rings for every job; looking now and then costs little and forgives a clock that jumps.
LONGEST_WAIT_SECONDS = 5.0
# Whoever watches the worker ends it when it takes longer for a job, or to look whether there is one.
LONGEST_JOB_SECONDS = 900.0
LONGEST_LOOK_SECONDS = 30.0

NICENESS = 5
CONNECTIONS = 10
STATEMENT_TIMEOUT_SECONDS = 300
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0

Promise = Callable[[float], None]

log = logging.getLogger("homeport.jobs")


def work_until_told(settings: Settings, registry: Registry, *, promise: Promise = lambda _: None) -> None:
    """Do jobs in this process until SIGTERM or Ctrl-C; readers come first where both want the processor.

    Slow jobs have a thread of their own, which waits for other programs most of the time, so that they delay no mail.
    """
    os.nice(NICENESS)
    database = Database(settings.db.uri, pool_size=CONNECTIONS, statement_timeout_seconds=STATEMENT_TIMEOUT_SECONDS)
    promises = JointPromise(promise)
    quick, slow = (
        Worker(Doer(database, settings, registry, slow=is_slow), promise=promises.of(is_slow))
        for is_slow in (False, True)
    )

    def stop(*_: object) -> None:
        quick.stop()
        slow.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    threading.Thread(target=slow.run, name="slow jobs", daemon=True).start()
    quick.run()


class JointPromise:
    """Makes one promise of those of several threads: that of the one that will be heard of first."""

    def __init__(self, promise: Promise) -> None:
        self._promise = promise
        self._due: dict[object, float] = {}
        self._lock = threading.Lock()

    def of(self, who: object) -> Promise:
        """Return what this thread makes its promises with."""

        def promise(seconds: float) -> None:
            now = time.monotonic()
            with self._lock:
                self._due[who] = now + seconds
                self._promise(min(self._due.values()) - now)

        return promise


class Worker:
    """One thread that does what waits in one lane of the table.

    `promise` is told again and again within how many seconds it will be told the next time; who hears nothing by then
    may take the worker for dead.
    """

    def __init__(self, doer: Doer, *, promise: Promise = lambda _: None) -> None:
        self.doer = doer
        self.promise = promise
        self.must_stop = False
        self._bell = Bell(doer.database, doer.among)
        self._is_prepared = False

    def run(self) -> None:
        """Work until told to stop."""
        pause = FIRST_PAUSE_SECONDS
        with self._bell:
            while not self.must_stop:
                try:
                    self._work()
                    pause = FIRST_PAUSE_SECONDS
                except (UnavailableError, DBAPIError, psycopg2.Error) as error:
                    level = logging.WARNING if pause == FIRST_PAUSE_SECONDS else logging.DEBUG
                    reason = str(error).strip().partition("\n")[0]
                    log.log(level, "jobs wait for the database: %s", reason)
                    self._bell.hang_up()
                    self.promise(pause + LONGEST_LOOK_SECONDS)
                    self._bell.pause(pause)
                    pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def stop(self, *_: object) -> None:
        """Stop after the job that is being done; may be called from a signal handler."""
        self.must_stop = True
        self._bell.ring()

    def _work(self) -> None:
        """Do all that is due, then sleep until there may be more."""
        self.promise(LONGEST_JOB_SECONDS)
        if not self._is_prepared:
            bring_up_to_date(self.doer.database.engine)
            self.doer.plan_recurring()
            self._is_prepared = True
        while not self.must_stop and self.doer.do_next():
            self.promise(LONGEST_JOB_SECONDS)
        if not self.must_stop:
            self.promise(LONGEST_WAIT_SECONDS + LONGEST_LOOK_SECONDS)
            self._bell.wait(LONGEST_WAIT_SECONDS)
