"""Everything that is done to a file before its first byte is stored: judged, cleaned, measured, named."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from homeport.media import raster, types
from homeport.media.errors import (
    ActivePictureError,
    DisguisedMediaError,
    MediaDamagedError,
    MediaTooLargeError,
    PictureTooLargeError,
)
from homeport.media.formats import BrokenFormatError, Stripped, bmff, gif, jpeg, png, svg, webp
from homeport.media.formats.exif import UPRIGHT, orientation_of
from homeport.media.names import safe_name
from homeport.media.sniff import sniff
from homeport.media.types import Kind, MediaType

Programs = Literal["refuse", "remove"]

STRIPPERS: dict[MediaType, Callable[[bytes], Stripped]] = {
    types.JPEG: jpeg.strip,
    types.PNG: png.strip,
    types.GIF: gif.strip,
    types.WEBP: webp.strip,
    types.AVIF: bmff.strip_picture,
    types.MP4: bmff.strip_movie,
    types.M4A: bmff.strip_movie,
}
# Cameras put a film or a second picture behind the end, which is cut off; an archive or a page there is an attack.
HIDDEN_FILE = re.compile(rb"PK\x03\x04|PK\x05\x06|%PDF-|<(?:html|script|svg|\?php)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PreparedMedia:
    """A file as it will be stored; `removed` says what a picture lost beside its metadata."""

    data: bytes
    media_type: MediaType
    name: str
    hash: str
    original_hash: str
    width: int | None = None
    height: int | None = None
    removed: tuple[str, ...] = ()


def content_hash(data: bytes) -> str:
    """Return what a file is known by: the first half of the SHA-256 of its bytes."""
    return hashlib.sha256(data).hexdigest()[:32]


def prepare(data: bytes, name: str, *, max_bytes: int, programs: Programs = "refuse") -> PreparedMedia:
    """Return the file as it may be stored; preparing that again changes nothing.

    Raises a MediaRefusedError that names the file. An SVG with a program in it is refused, or loses it when
    `programs` says so.
    """
    if len(data) > max_bytes:
        raise MediaTooLargeError(name, len(data), max_bytes)
    media_type = sniff(data, name)
    try:
        clean = _clean(data, media_type, name, programs)
    except BrokenFormatError as error:
        raise MediaDamagedError(f"{name} is not a whole {media_type.name} file: {error}.") from error
    return PreparedMedia(
        data=clean.data,
        media_type=media_type,
        name=safe_name(name, media_type),
        hash=content_hash(clean.data),
        original_hash=content_hash(data),
        width=clean.width,
        height=clean.height,
        removed=clean.removed,
    )


@dataclass(frozen=True, slots=True)
class _Clean:
    """What has become of the bytes, and what was learnt on the way."""

    data: bytes
    width: int | None = None
    height: int | None = None
    removed: tuple[str, ...] = ()


def _clean(data: bytes, media_type: MediaType, name: str, programs: Programs) -> _Clean:
    if media_type is types.SVG:
        return _clean_drawing(data, name, programs)
    if media_type.kind is Kind.IMAGE:
        return _clean_picture(data, media_type, name)
    if media_type in STRIPPERS:
        clean = STRIPPERS[media_type](data).data
        return _Clean(clean, *(bmff.movie_size(clean) or (None, None)))
    return _Clean(data)


def _clean_picture(data: bytes, media_type: MediaType, name: str) -> _Clean:
    stripped = STRIPPERS[media_type](data)
    measured = raster.measure(stripped.data, media_type)
    if measured.is_too_large:
        raise PictureTooLargeError(
            f"{name} has {measured.width:,} x {measured.height:,} pixels; "
            f"{raster.MAX_PIXELS // 1_000_000} million are the most that are taken.",
            hint="Make the picture smaller.",
        )
    if HIDDEN_FILE.search(stripped.rest):
        raise DisguisedMediaError(f"{name} has another file hidden behind the picture.", hint="Save the picture anew.")
    orientation = orientation_of(stripped.exif)
    if orientation == UPRIGHT or measured.is_animated:
        return _Clean(stripped.data, measured.width, measured.height)
    clean = STRIPPERS[media_type](raster.turn_upright(stripped.data, media_type, orientation)).data
    turned = raster.measure(clean, media_type)
    return _Clean(clean, turned.width, turned.height)


def _clean_drawing(data: bytes, name: str, programs: Programs) -> _Clean:
    drawing = svg.clean(data)
    if drawing.programs and programs == "refuse":
        raise ActivePictureError(
            f"{name} has a program in it ({', '.join(drawing.programs)}), which a picture here may not.",
            hint="Save the picture without scripts, as plain SVG.",
        )
    return _Clean(drawing.data, drawing.width, drawing.height, drawing.programs + drawing.losses)
