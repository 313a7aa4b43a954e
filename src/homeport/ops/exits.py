"""How a command ends that could not do its work: a line for people, a number for scripts."""

import sys

from homeport.errors import (
    ConflictError,
    ForbiddenError,
    GoneError,
    HomeportError,
    InvalidError,
    NotFoundError,
    SettingsError,
    UnavailableError,
)
from homeport.ops.commandname import as_typed

UNEXPECTED = 1

_CODES: tuple[tuple[type[HomeportError], int], ...] = (
    (NotFoundError, 3),
    (GoneError, 3),
    (InvalidError, 4),
    (ConflictError, 5),
    (UnavailableError, 6),
    (SettingsError, 7),
    (ForbiddenError, 8),
)


def exit_code(error: BaseException) -> int:
    """Return the exit code that belongs to the error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), UNEXPECTED)


def explain(error: HomeportError) -> None:
    """Tell on standard error what went wrong and what to do about it."""
    hint = f"{error.hint}\n" if error.hint else ""
    sys.stderr.write(as_typed(f"error: {error}\n{hint}"))
    sys.stderr.flush()
