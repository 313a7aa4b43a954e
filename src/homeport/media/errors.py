"""Why a file is not taken: every refusal names the file and says in one sentence what to do."""

from homeport.errors import InvalidError


class MediaRefusedError(InvalidError):
    """The file cannot be stored as media."""


class MediaTooLargeError(MediaRefusedError):
    """The file is over the limit of the settings."""

    def __init__(self, name: str, size_bytes: int, max_bytes: int) -> None:
        super().__init__(
            f"{name} has {size_bytes:,} bytes, more than the {max_bytes:,} that MEDIA_MAX_BYTES allows.",
            hint="Make the file smaller, or raise MEDIA_MAX_BYTES.",
        )
        self.size_bytes = size_bytes
        self.max_bytes = max_bytes


class MediaTypeRefusedError(MediaRefusedError):
    """What the file holds is nothing that is served from here."""


class MediaDamagedError(MediaRefusedError):
    """The file is cut short or does not follow the rules of its own format."""


class PictureTooLargeError(MediaRefusedError):
    """The picture has more pixels than anyone should have to decode."""


class ActivePictureError(MediaRefusedError):
    """The picture would run a program in the reader's browser."""


class DisguisedMediaError(MediaRefusedError):
    """A second file of another kind hides behind the picture."""
