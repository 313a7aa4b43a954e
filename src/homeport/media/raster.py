"""What has to be known about a picture before it is stored: its size, before anything decodes it, and its top."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, JpegImagePlugin

from homeport.media.formats import BrokenFormatError
from homeport.media.formats.exif import orientation_of
from homeport.media.types import JPEG, WEBP, MediaType

MAX_PIXELS = 64_000_000
MAX_SIDE_PIXELS = 32_767
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = range(5, 9)

# Pillow only warns up to twice its limit; `measure` is the one door here and comes before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A picture's size as it is shown, and whether it moves."""

    width: int
    height: int
    is_animated: bool

    @property
    def is_too_large(self) -> bool:
        """Return whether decoding it would take more memory than a picture is worth."""
        return self.width * self.height > MAX_PIXELS or max(self.width, self.height) > MAX_SIDE_PIXELS


def measure(data: bytes, media_type: MediaType) -> Measure:
    """Read the header of a stripped picture without decoding it; raises BrokenFormatError when there is none.

    Only AVIF still says here how it is turned: that is part of its container, and Pillow hands it on as a note.
    """
    with _opened(data, media_type) as image:
        width, height = image.size
        if orientation_of(image.info.get("exif", b"")) in SIDEWAYS:
            width, height = height, width
        return Measure(width, height, bool(getattr(image, "is_animated", False)))


def turn_upright(data: bytes, media_type: MediaType, orientation: int) -> bytes:
    """Return the picture with its pixels the way it is shown, as the note that says so is gone.

    A JPEG keeps its own quantisation, so that it loses next to nothing.
    """
    with _opened(data, media_type) as image:
        options = _options(image, data, media_type)
        output = BytesIO()
        image.transpose(TURNS[orientation]).save(output, media_type.name, **options)
        return output.getvalue()


@contextmanager
def _opened(data: bytes, media_type: MediaType) -> Iterator[Image.Image]:
    try:
        with Image.open(BytesIO(data), formats=[media_type.name.upper()]) as image:
            yield image
    except Exception as error:  # a decoder trips over hostile bytes in ways that it does not document
        raise BrokenFormatError("it cannot be decoded") from error


def _options(image: Image.Image, data: bytes, media_type: MediaType) -> dict[str, Any]:
    options: dict[str, Any] = {"icc_profile": image.info.get("icc_profile")}
    if media_type is JPEG and isinstance(image, JpegImagePlugin.JpegImageFile):
        options |= {"qtables": image.quantization, "subsampling": JpegImagePlugin.get_sampling(image), "optimize": True}
    if media_type is WEBP:
        options |= {"lossless": b"VP8L" in data[12:64], "quality": 92}
    return options
