"""What a look at a stack can find: what is wrong, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing; with a fault the stack would not start, or would lose something, with a warning it takes a risk."""

    what: str
    remedy: str
    is_fault: bool = True


def fault(what: str, remedy: str) -> Finding:
    """Return what must be mended."""
    return Finding(what, remedy)


def warning(what: str, remedy: str) -> Finding:
    """Return what had better be mended."""
    return Finding(what, remedy, is_fault=False)
