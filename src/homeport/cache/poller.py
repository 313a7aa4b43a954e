"""Tells which connections have something to say, at the price of one system call for all of them."""

import select
from collections.abc import Callable
from selectors import EVENT_READ
from typing import Any, Protocol


class _Watched(Protocol):
    def fileno(self) -> int: ...


class Poller:
    """What Gunicorn calls on a selector, and no more: what was registered stays so until it is taken back."""

    def __init__(self) -> None:
        self._kernel: Any
        # Where there is no epoll only developers look, and at few connections.
        self._kernel, self._second = (select.epoll(), 1) if hasattr(select, "epoll") else (select.poll(), 1000)
        self._watched: dict[int, tuple[Callable[[Any], object], Any]] = {}

    def register(
        self, watched: "_Watched | int", event: int, callback: Callable[[Any], object], subject: Any = None
    ) -> None:
        """Call back when it can be read, or written: with it, or with what it is part of."""
        number = _number(watched)
        self._watched[number] = (callback, watched if subject is None else subject)
        self._kernel.register(number, select.POLLIN if event == EVENT_READ else select.POLLOUT)

    def unregister(self, watched: "_Watched | int") -> None:
        """Do not watch it any more."""
        number = _number(watched)
        del self._watched[number]
        self._kernel.unregister(number)

    def dispatch(self, seconds: float) -> int:
        """Wait so long for events, and call back for each; return how many there were."""
        events = self._kernel.poll(seconds * self._second)
        for number, _ in events:
            # What another one has closed in this round is not there any more. If its number is taken again
            # already, the new one is called for nothing, which must do no harm.
            watched = self._watched.get(number)
            if watched is not None:
                watched[0](watched[1])
        return len(events)

    def close(self) -> None:
        """End."""
        self._watched.clear()
        if self._second == 1:
            self._kernel.close()


def _number(watched: "_Watched | int") -> int:
    return watched if isinstance(watched, int) else watched.fileno()
