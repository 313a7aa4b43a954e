"""Take camera data, positions, thumbnails and comments out of a JPEG without decoding it."""

import re

from homeport.media.formats import BrokenFormatError, Stripped

START_OF_IMAGE = b"\xff\xd8"
END_OF_IMAGE = 0xD9
START_OF_SCAN = 0xDA
COMMENT = 0xFE
CAMERA = 0xE1
EXIF = b"Exif\x00\x00"
APPLICATION = range(0xE0, 0xF0)
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
# Inside a scan 0xFF is data when 0x00 or a restart mark follows, and filling when another 0xFF does.
SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# What changes the picture itself: the JFIF header, the colour profile, Adobe's note on how colours are coded.
KEPT = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}


def strip(data: bytes) -> Stripped:
    """Return the JPEG without the segments that only describe it."""
    kept = [START_OF_IMAGE]
    exif = b""
    at = 2
    while True:
        at, code = _next_marker(data, at)
        if code == END_OF_IMAGE:
            kept.append(data[at - 2 : at])
            return Stripped(b"".join(kept), data[at:], exif)
        end = at if code in WITHOUT_LENGTH else at + _length(data, at)
        if code == START_OF_SCAN:
            end = _scan_end(data, end)
        if _is_kept(code, data[at + 2 : at + 16]):
            kept.append(b"\xff" + data[at - 1 : end])
        elif code == CAMERA and data.startswith(EXIF, at + 2):
            exif = exif or data[at + 2 : end]
        at = end


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at : at + 1] != b"\xff":
        raise BrokenFormatError("it ends in the middle" if at >= len(data) else f"there is no marker at byte {at:,}")
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise BrokenFormatError("it ends in the middle")
    return at + 1, data[at]


def _length(data: bytes, at: int) -> int:
    length = int.from_bytes(data[at : at + 2])
    if length < 2 or at + length > len(data):
        raise BrokenFormatError("it ends in the middle")
    return length


def _scan_end(data: bytes, at: int) -> int:
    found = SCAN_END.search(data, at)
    if not found:
        raise BrokenFormatError("it ends in the middle")
    return found.start()


def _is_kept(code: int, start: bytes) -> bool:
    if code in APPLICATION:
        return code in KEPT and start.startswith(KEPT[code])
    return code != COMMENT
