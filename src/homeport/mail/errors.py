"""Why a mail has not left: for now, or for good."""

from homeport.errors import InvalidError, UnavailableError
from homeport.jobs.errors import HopelessJobError


class MailAddressError(InvalidError):
    """Nobody can have such a mail address."""


class MailDelayedError(UnavailableError):
    """The mail server does not take this mail now; later it may."""


class MailRefusedError(HopelessJobError):
    """The mail server will never take this mail."""
