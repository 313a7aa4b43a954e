"""What can go wrong in the domain, in words a person can act on; `web/errors.py` maps these to HTTP answers."""

from collections.abc import Sequence


class HomeportError(Exception):
    """Something was refused or failed for a known reason; `hint` says what to do about it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NotFoundError(HomeportError):
    """The thing asked for is not here and never was."""


class GoneError(HomeportError):
    """The thing asked for was here and has been taken away on purpose."""


class ForbiddenError(HomeportError):
    """Whoever asks may not do this."""


class UnauthorisedError(HomeportError):
    """Nobody has said who is asking."""


class TooManyRequestsError(HomeportError):
    """This was tried too often; `retry_after` is the number of seconds after which it may be tried again."""

    def __init__(self, message: str, *, hint: str = "", retry_after: int = 60) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class ConflictError(HomeportError):
    """The change clashes with what is there now."""


class InvalidError(HomeportError):
    """The input cannot be taken as it is."""


class UnavailableError(HomeportError):
    """Something this depends on does not answer at the moment."""


class SettingsError(HomeportError):
    """The environment does not make a valid configuration; carries every fault found, not just the first."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("the settings are not valid:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = tuple(problems)
