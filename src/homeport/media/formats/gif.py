"""Take comments and editors' notes out of a GIF without decoding it."""

from homeport.media.formats import BrokenFormatError, Stripped

IMAGE = 0x2C
EXTENSION = 0x21
TRAILER = 0x3B
GRAPHIC_CONTROL = 0xF9
PLAIN_TEXT = 0x01
APPLICATION = 0xFF
# How often the animation repeats, and the colour profile; the others (XMP, comments) only describe the picture.
KEPT_APPLICATIONS = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"})


def strip(data: bytes) -> Stripped:
    """Return the GIF without the blocks that only describe it."""
    at = 13 + _color_table(data, 10)
    kept = [data[:at]]
    while _byte(data, at) != TRAILER:
        end = _block_end(data, at)
        if _is_kept(data, at):
            kept.append(data[at:end])
        at = end
    kept.append(data[at : at + 1])
    return Stripped(b"".join(kept), data[at + 1 :])


def _block_end(data: bytes, at: int) -> int:
    if data[at] == IMAGE:
        return _sub_blocks_end(data, at + 11 + _color_table(data, at + 9))
    if data[at] == EXTENSION:
        return _sub_blocks_end(data, at + 2)
    raise BrokenFormatError(f"there is no block at byte {at:,}")


def _is_kept(data: bytes, at: int) -> bool:
    if data[at] == IMAGE:
        return True
    label = data[at + 1]
    if label == APPLICATION:
        return data[at + 3 : at + 14] in KEPT_APPLICATIONS
    return label in (GRAPHIC_CONTROL, PLAIN_TEXT)


def _color_table(data: bytes, at: int) -> int:
    flags = _byte(data, at)
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _sub_blocks_end(data: bytes, at: int) -> int:
    while length := _byte(data, at):
        at += length + 1
    return at + 1


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise BrokenFormatError("it ends in the middle")
    return data[at]
