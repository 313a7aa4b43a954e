"""Why something could not be fetched from elsewhere."""

from homeport.errors import ForbiddenError, InvalidError, UnavailableError


class UrlRefusedError(InvalidError):
    """The address is not one that this server asks."""


class AddressRefusedError(ForbiddenError):
    """The name leads into a network that is nobody else's business."""


class HostUnavailableError(UnavailableError):
    """The other server does not answer, or not in a way that makes sense."""


class FetchTimeoutError(UnavailableError):
    """The other server takes longer than it is given."""


class AnswerTooLargeError(InvalidError):
    """The answer has more bytes than were asked for."""
