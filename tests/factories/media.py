"""Small files of every kind, made when they are needed; those with secrets say SECRET somewhere."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

SECRET = b"SECRET"
MAX_BYTES = 10_000_000
COLOR_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def a_picture(kind: str = "PNG", *, size: tuple[int, int] = (80, 40), **options: Any) -> bytes:
    """A picture that is blue in its upper left quarter and red elsewhere."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    output = BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def a_noise(kind: str = "PNG", *, size: tuple[int, int]) -> bytes:
    """A picture that no format packs well, so that every smaller one is smaller in bytes too."""
    rough = Image.effect_noise((size[0] // 4, size[1] // 4), 60)
    image = Image.merge("RGB", [rough, rough.transpose(Image.Transpose.ROTATE_180), rough]).resize(size)
    output = BytesIO()
    image.save(output, kind)
    return output.getvalue()


def a_photo(kind: str = "JPEG", *, orientation: int = 1, **options: Any) -> bytes:
    """A picture with a colour profile, and with a camera's notes on who took it and where."""
    notes = Image.Exif()
    notes[0x010F] = SECRET.decode()
    notes[0x0112] = orientation
    notes.get_ifd(0x8825)[1] = "N"
    return a_picture(kind, exif=notes.tobytes(), icc_profile=COLOR_PROFILE, **options)


def an_animation(kind: str = "GIF") -> bytes:
    """Two frames that repeat for ever."""
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    output = BytesIO()
    frames[0].save(output, kind, save_all=True, append_images=frames[1:], loop=0, duration=100)
    return output.getvalue()


def a_drawing(inside: str = '<rect width="10" height="10"/>', attributes: str = 'viewBox="0 0 40 20"') -> bytes:
    """An SVG around the given elements."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


def a_box(kind: bytes, *parts: bytes) -> bytes:
    """A box of the ISO container."""
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def a_movie(*, place: bytes = SECRET, width: int = 640, height: int = 360) -> bytes:
    """An MP4 with one track and a note of where it was taken; enough of a film for everything but watching it."""
    header = bytes(76) + struct.pack(">HHHH", width, 0, height, 0)
    track = a_box(b"trak", a_box(b"tkhd", header))
    return (
        a_box(b"ftyp", b"isom\x00\x00\x02\x00isommp41")
        + a_box(b"moov", track, a_box(b"udta", a_box(b"\xa9xyz", place)))
        + a_box(b"mdat", b"film")
    )


def a_chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def a_png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that would be a very large picture once they are decoded."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = a_chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + a_chunk(b"IHDR", header) + pixels + a_chunk(b"IEND", b"")
