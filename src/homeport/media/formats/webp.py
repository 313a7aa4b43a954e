"""Take camera data and XMP out of a WebP without decoding it."""

from homeport.media.formats import BrokenFormatError, Stripped

# VP8X announces the other chunks; its bits for camera data (8) and XMP (4) go with them.
KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
DESCRIBED = 0x08 | 0x04


def strip(data: bytes) -> Stripped:
    """Return the WebP without the chunks that only describe it."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data) or end < 20:
        raise BrokenFormatError("it ends in the middle")
    kept = [b"WEBP"]
    exif = b""
    at = 12
    while at < end:
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        following = at + 8 + length + (length & 1)
        if following > end:
            raise BrokenFormatError("it ends in the middle")
        if kind in KEPT:
            kept.append(_announcing_less(data[at:following]) if kind == b"VP8X" else data[at:following])
        elif kind == b"EXIF":
            exif = data[at + 8 : at + 8 + length]
        at = following
    body = b"".join(kept)
    return Stripped(b"RIFF" + len(body).to_bytes(4, "little") + body, data[end:], exif)


def _announcing_less(chunk: bytes) -> bytes:
    if len(chunk) < 18:
        raise BrokenFormatError("its header is too short")
    return chunk[:8] + bytes([chunk[8] & ~DESCRIBED]) + chunk[9:]
