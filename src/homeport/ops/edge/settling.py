"""Waits out the moment after nginx has read its files again, in which its former workers still answer readers."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from homeport.ops.edge.performing import Patience
from homeport.ops.edge.steps import RewriteHost, Step

T = TypeVar("T")


def ask_until(is_good: Callable[[T], bool], ask: Callable[[], T], patience: Patience) -> T:
    """Ask until the answer is good, or has had time to become so; return the last one."""
    deadline = time.monotonic() + patience.settle_seconds
    while not is_good(answer := ask()) and time.monotonic() < deadline:
        time.sleep(patience.pause_seconds)
    return answer


def is_passing(steps: Sequence[Step]) -> bool:
    """Say whether nothing calls for these steps but what readers get, which may be another thing a moment later."""
    return bool(steps) and all(isinstance(step, RewriteHost) for step in steps)
