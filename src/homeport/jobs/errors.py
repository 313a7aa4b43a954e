"""What a handler may say about a job beside that it failed."""

from homeport.errors import HomeportError


class HopelessJobError(HomeportError):
    """This job will fail as often as it is tried: it becomes a dead letter at once."""


class UnknownJobError(HopelessJobError):
    """No feature of this release does such jobs."""
