"""One module a file format: each takes out what tells about the author and leaves every pixel as it was."""

from dataclasses import dataclass


class BrokenFormatError(ValueError):
    """The bytes break off or contradict the format that they begin as."""


@dataclass(frozen=True, slots=True)
class Stripped:
    """The clean bytes; what followed the end of the file proper; the camera's notes that were taken out."""

    data: bytes
    rest: bytes = b""
    exif: bytes = b""
