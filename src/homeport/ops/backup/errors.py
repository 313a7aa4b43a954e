"""Why an archive could not be made or is not taken."""

from homeport.errors import ConflictError, InvalidError, UnavailableError


class UnreadableArchiveError(InvalidError):
    """The file is not an archive of ours, or not all of one, or not for these keys."""


class OtherReleaseError(ConflictError):
    """The archive needs a newer release, or a newer PostgreSQL, than there is here."""


class OccupiedDatabaseError(ConflictError):
    """The database holds something, or somebody works in it."""


class BackupFailedError(UnavailableError):
    """Something that an archive needs is missing: a program, room, a right."""
