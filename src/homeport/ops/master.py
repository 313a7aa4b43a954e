"""Gunicorn's master, and what it does here beside keeping workers.

It beats on a pipe each time round its loop, so that the supervisor sees when it stands still, although its workers
still answer; it ends when the supervisor is gone; it replaces a worker as soon as that takes no more connections; it
lets one worker serve readers while it loads the rest of the site; and it looks after a companion, a fork of itself
that does jobs.
"""

# Gunicorn has no annotations.
# mypy: allow-untyped-calls

import gc
import logging
import os
import time
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer

from homeport.errors import HomeportError
from homeport.ops.companion import Companion
from homeport.ops.exits import UNEXPECTED, exit_code, explain
from homeport.ops.heartbeat import COMPLETE, LOADING, SERVING
from homeport.ops.retirement import has_retired

# The first answer has the processors for itself.
OPENING_SECONDS = 0.1

log = logging.getLogger("homeport.webserver")


class Master(Arbiter):
    """Gunicorn's master process."""

    def __init__(self, app: Any) -> None:
        self.pulse = app.pulse
        self.supervisor = os.getppid()
        super().__init__(app)
        self.companion = Companion(app.work, let_go=self._let_go) if app.work else None
        self.is_complete = app.complete is None
        # With nothing but stored pages a worker is not to be asked how it is: it would load the site to be able to say.
        self._state = LOADING if app.load_later else SERVING

    def wait_for_signals(self, timeout: float = 1.0) -> list[int]:
        """Beat, then wait; Gunicorn's loop comes by here at least once a second."""
        self.pulse.beat(COMPLETE if self.is_complete else self._state)
        if os.getppid() != self.supervisor:
            log.warning("the supervisor has ended; ending too")
            self.handle_quit()
        if self.companion is not None and self.is_complete:
            self.companion.look(time.monotonic())
        signals: list[int] = super().wait_for_signals(timeout if self.is_complete else OPENING_SECONDS)
        if not self.is_complete and not signals:
            self._complete()
        return signals

    def manage_workers(self) -> None:
        """Keep as many workers as are wanted beside those that only deliver what they have begun."""
        wanted = self.num_workers
        retired = sum(has_retired(worker.tmp) for worker in self.WORKERS.values())
        self.num_workers = retired + (wanted if self.is_complete else 1)
        super().manage_workers()
        self.num_workers = wanted

    def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002 - Gunicorn's signature
        """End the workers, then the companion."""
        super().stop(graceful)
        if self.companion is not None:
            self.companion.stop()

    def _complete(self) -> None:
        """Load what the first answers could do without, and put workers that have it in the place of the first one."""
        gc.disable()
        self.pulse.begin(self._state)
        try:
            if self.app.load_later:
                self.app.load_later()
            self.app.complete()
        except HomeportError as error:
            explain(error)
            raise HaltServer(str(error), exit_code(error)) from error
        except Exception as error:
            log.debug("the site could not be loaded", exc_info=True)
            raise HaltServer(could_not_load(error), UNEXPECTED) from error
        finally:
            self.pulse.loaded()
        keep_for_good()
        self.is_complete = True
        self.num_workers += 1
        super().manage_workers()
        self.num_workers -= 1
        super().manage_workers()

    def _let_go(self) -> None:
        """Close, in the companion, what only master and workers need; a port that it held would stay taken."""
        self.pulse.close()
        for listener in self.LISTENERS:
            listener.close()
        for worker in self.WORKERS.values():
            worker.tmp.close()


def keep_for_good() -> None:
    """Look for garbage again, but not in what exists now: that would only copy the memory that workers share."""
    gc.freeze()
    gc.enable()


def could_not_load(error: Exception) -> str:
    """Return the sentence for an application that could not be imported."""
    return f"the site could not be loaded: {type(error).__name__}: {error}"
