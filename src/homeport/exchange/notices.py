"""What an import or export has to tell its author, always with the file and, where one is known, the line."""

from dataclasses import dataclass

from homeport.errors import InvalidError

MAX_REASON = 200
"""Nothing that a file says can fill a report."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing worth saying about one file; `line` counts from 1 and is None where the whole file is meant."""

    file: str
    line: int | None
    reason: str

    def __post_init__(self) -> None:
        if len(self.reason) > MAX_REASON:
            object.__setattr__(self, "reason", shorten(self.reason, MAX_REASON))


class FileRefusedError(InvalidError):
    """A file that cannot be taken; the rest of the folder is not harmed."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


def shorten(text: str, length: int = MAX_REASON // 2) -> str:
    """Return a text of at most `length` characters, with a sign where something is missing."""
    return text if len(text) <= length else text[: length - 1] + "…"
