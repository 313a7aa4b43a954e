"""The pulse of Gunicorn's master, through a pipe: how the supervisor sees that it stands still.

Its workers may well answer while it does, but nobody would replace them, or end those that hang. What the kernel says
about a process would show only that it is stopped, and only on Linux; a pulse also shows a loop that does not turn.
"""

import contextlib
import os
import threading
import time

LOADING = b"l"
SERVING = b"s"
COMPLETE = b"c"
# The master's loop turns once a second.
LONGEST_PAUSE_SECONDS = 10.0
LOADING_EVERY_SECONDS = 1.0
# Loading includes bringing the schema up to date, which may take its time.
LONGEST_LOADING_SECONDS = 900.0


class Pulse:
    """The master's end."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._has_loaded = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, state: bytes = LOADING) -> None:
        """Beat from a thread of its own while the loop cannot: loading may take longer than the longest pause."""
        self._has_loaded.clear()
        self._thread = threading.Thread(target=self._beat_while_loading, args=[state], name="pulse", daemon=True)
        self._thread.start()

    def loaded(self) -> None:
        """End that thread: it must be over before the master forks."""
        self._has_loaded.set()
        if self._thread is not None:
            self._thread.join()

    def beat(self, state: bytes = COMPLETE) -> None:
        """Give one sign of life; a full pipe has enough of them."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._descriptor, state)

    def close(self) -> None:
        """Let go of the pipe, as a worker must: it would beat for a master that is dead."""
        os.close(self._descriptor)

    def _beat_while_loading(self, state: bytes) -> None:
        while not self._has_loaded.wait(LOADING_EVERY_SECONDS):
            self.beat(state)


class Monitor:
    """The supervisor's end."""

    def __init__(self) -> None:
        self._reading, self.writing = os.pipe()
        os.set_blocking(self._reading, False)
        self.is_serving = False
        self.is_complete = False
        self._began_at = self._felt_at = time.monotonic()

    def feel(self, now: float) -> None:
        """Take in the signs of life since the last time."""
        with contextlib.suppress(BlockingIOError):
            if beats := os.read(self._reading, 4096):
                self._felt_at = now
                self.is_complete = self.is_complete or COMPLETE in beats
                self.is_serving = self.is_serving or self.is_complete or SERVING in beats

    def has_stopped(self, now: float) -> bool:
        """Say whether the pulse was away for too long, or the loading took for ever."""
        pause = now - self._felt_at
        return pause > LONGEST_PAUSE_SECONDS or (
            not self.is_complete and now - self._began_at > LONGEST_LOADING_SECONDS
        )

    def handed_over(self) -> None:
        """Close the writing end, once the master has it."""
        os.close(self.writing)

    def close(self) -> None:
        """Close the reading end."""
        os.close(self._reading)
