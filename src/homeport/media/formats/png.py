"""Take text, time and camera chunks out of a PNG without decoding it, and check that none of the rest is damaged."""

import zlib
from collections.abc import Iterator

from homeport.media.formats import BrokenFormatError, Stripped

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Everything that takes part in how the picture looks, animation included; what is not named here only describes it.
KEPT = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"bKGD", b"hIST", b"sPLT", b"sBIT", b"pHYs"),
        *(b"cHRM", b"gAMA", b"iCCP", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT"),
    }
)


def strip(data: bytes) -> Stripped:
    """Return the PNG without the chunks that only describe it."""
    kept = [SIGNATURE]
    exif = b""
    end = len(SIGNATURE)
    for kind, start, end in _chunks(data):
        if kind in KEPT:
            kept.append(data[start:end])
        elif kind == b"eXIf":
            exif = data[start + 8 : end - 4]
    return Stripped(b"".join(kept), data[end:], exif)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    at = len(SIGNATURE)
    kind = b""
    while kind != b"IEND":
        end = at + 12 + int.from_bytes(data[at : at + 4])
        if end > len(data):
            raise BrokenFormatError("it ends in the middle")
        kind = data[at + 4 : at + 8]
        if zlib.crc32(memoryview(data)[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            raise BrokenFormatError(f"the check sum at byte {at:,} is wrong")
        yield kind, at, end
        at = end
