"""One module a file format: each takes out what tells about the author and leaves every pixel as it was.

Each `strip(data)` returns the clean bytes and whatever followed the end of the file proper.
"""


class BrokenFormatError(ValueError):
    """The bytes break off or contradict the format that they begin as."""
