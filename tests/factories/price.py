"""What a piece of work costs in a measure that no other program moves: the steps that Python takes for it."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps_of(work: Callable[[], object]) -> int:
    """Return how many instructions of Python the work takes, in this thread; what C does is not seen."""
    steps = 0

    def follow(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal steps
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        steps += event == "opcode"
        return follow

    former = sys.gettrace()
    sys.settrace(follow)
    try:
        work()
    finally:
        sys.settrace(former)
    return steps
