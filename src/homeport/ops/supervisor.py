"""The parent of everything that runs: it starts the services, starts again what dies or stands still, ends them all.

It holds no state that a kill -9 could lose: the kernel ends its children, and the next start takes up from the data
folder. As the first process of a container it also buries whatever others leave behind.
"""

import logging
import os
import signal
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from homeport.errors import UnavailableError
from homeport.ops.services import Service

LOOK_EVERY_SECONDS = 0.2
LOOK_WHILE_STARTING_SECONDS = 0.01
CHORE_EVERY_SECONDS = 60.0
FIRST_DELAY_SECONDS = 0.1
LONGEST_DELAY_SECONDS = 10.0
# Whoever lived this long has not been started in vain: the next delay is the shortest again.
GOOD_LIFE_SECONDS = 30.0

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

log = logging.getLogger("homeport.supervisor")


class Keeper:
    """Keeps one service running."""

    def __init__(self, service: Service, *, on_restart: Callable[[str], object] = lambda _name: None) -> None:
        self.service = service
        self._on_restart = on_restart
        self._started_at = 0.0
        self._start_at: float | None = None
        self._delay = 0.0
        self._told = ""

    def start(self) -> None:
        """Start the service."""
        self._start_at = None
        self._started_at = time.monotonic()
        self.service.start()

    def look(self) -> None:
        """Start the service again if it needs that, with more and more patience if it needs it often."""
        now = time.monotonic()
        if self._start_at is not None:
            if now >= self._start_at:
                self._try_again()
        elif fault := self.service.fault(now):
            self.service.kill()
            self._postpone(fault)

    def _try_again(self) -> None:
        try:
            self.start()
        except UnavailableError as error:
            self._postpone(str(error))
        else:
            self._told = ""
            self._on_restart(self.service.name)
            log.info("%s runs again", self.service.name)

    def _postpone(self, fault: str) -> None:
        now = time.monotonic()
        is_new = now - self._started_at > GOOD_LIFE_SECONDS
        self._delay = FIRST_DELAY_SECONDS if is_new or not self._delay else min(self._delay * 2, LONGEST_DELAY_SECONDS)
        self._start_at = now + self._delay
        # What stays as it is, such as a full disk, is told once and not with every try.
        if fault != self._told:
            log.warning("%s %s; starting it again", self.service.name, fault)
        self._told = fault


class Supervisor:
    """Runs the services until it is told to stop."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        chore: Callable[[], object] = lambda: None,
        on_restart: Callable[[str], object] = lambda _name: None,
    ) -> None:
        self.keepers = [Keeper(service, on_restart=on_restart) for service in services]
        self.chore = chore
        self.must_stop = False

    def run(self, *, is_ready: Callable[[], bool], on_ready: Callable[[], None]) -> None:
        """Start the services in their order, look after them until told to stop, end them in the same order.

        `on_ready` runs once, when `is_ready` says yes for the first time. Raises UnavailableError when a service
        cannot be started at all; one that has served before is started again for ever.
        """
        with self._signals():
            try:
                for keeper in self.keepers:
                    keeper.start()
                self._watch(is_ready, on_ready)
            finally:
                self.must_stop = True
                for keeper in self.keepers:
                    keeper.service.stop()

    def _watch(self, is_ready: Callable[[], bool], on_ready: Callable[[], None]) -> None:
        was_ready = False
        chore_at = time.monotonic()
        while not self.must_stop:
            for keeper in self.keepers:
                keeper.look()
            bury_strangers({keeper.service.child.pid for keeper in self.keepers if keeper.service.child})
            if not was_ready and is_ready():
                was_ready = True
                on_ready()
            if time.monotonic() >= chore_at:
                chore_at += CHORE_EVERY_SECONDS
                self.chore()
            time.sleep(LOOK_EVERY_SECONDS if was_ready else LOOK_WHILE_STARTING_SECONDS)

    def _hurry(self) -> None:
        """Whoever asks twice does not want to wait for requests under way."""
        for keeper in self.keepers:
            keeper.service.kill()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
            if self.must_stop:
                self._hurry()
            self.must_stop = True

        # A terminal that is closed says so with SIGHUP; in the background nobody listens to it any more.
        listened = [number for number in STOP_SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        before = {number: signal.signal(number, ask_to_stop) for number in listened}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def bury_strangers(own: Collection[int]) -> None:
    """Collect dead processes that were left to us, as they are to the first process of a container.

    Never one of our `own`: whoever started it would not learn how it ended.
    """
    if os.getpid() != 1:
        return
    with suppress(ChildProcessError):
        while (dead := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and dead.si_pid not in own:
            os.waitpid(dead.si_pid, os.WNOHANG)
