"""Which part of a file a Range header asks for (RFC 9110, section 14); what is not understood asks for the whole."""

import re
from typing import NamedTuple

# One range of bytes. Several in one request are for nobody but who wants to make work: the whole is a valid answer.
_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class Part(NamedTuple):
    """Bytes from `start` up to `stop`, which is not included."""

    start: int
    stop: int


class Wanted(NamedTuple):
    """A range as asked for: counted from the start (`last` may be open), or the `last` so many bytes."""

    first: int | None
    last: int | None

    def within(self, size: int) -> Part | None:
        """Return the part of a file of this size, or None when it lies behind the end."""
        if self.first is None:
            return Part(max(0, size - (self.last or 0)), size) if self.last else None
        stop = size if self.last is None else min(self.last + 1, size)
        return Part(self.first, stop) if self.first < size else None


def read_range(header: str) -> Wanted | None:
    """Return what a Range header asks for, or None when it is to be ignored."""
    match = _RANGE.fullmatch(header)
    if match is None:
        return None
    first, last = (int(digits) if digits else None for digits in match.groups())
    if (first is None and last is None) or (first is not None and last is not None and last < first):
        return None
    return Wanted(first, last)
