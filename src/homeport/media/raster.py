"""What has to be known about a picture before it is stored: its size, before anything decodes it, and its top."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, JpegImagePlugin

from homeport.media.formats import BrokenFormatError
from homeport.media.types import AVIF, GIF, JPEG, WEBP, MediaType

MAX_PIXELS = 64_000_000
MAX_SIDE_PIXELS = 32_767
ORIENTATION = 0x0112
SIDEWAYS = range(5, 9)

# Pillow only warns up to twice its limit; `measure` is the one door here and refuses before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A picture's size as it is shown, and whether its pixels have to be turned for that."""

    width: int
    height: int
    orientation: int
    is_animated: bool

    @property
    def is_too_large(self) -> bool:
        """Return whether decoding it would take more memory than a picture is worth."""
        return self.width * self.height > MAX_PIXELS or max(self.width, self.height) > MAX_SIDE_PIXELS


def measure(data: bytes, media_type: MediaType) -> Measure:
    """Read the header of a picture without decoding it; raises BrokenFormatError when there is none."""
    with _open(data, media_type) as image:
        orientation = _orientation(image)
        width, height = image.size
        if orientation in SIDEWAYS:
            width, height = height, width
        return Measure(width, height, orientation, bool(getattr(image, "is_animated", False)))


def turn_upright(data: bytes, media_type: MediaType, measured: Measure) -> bytes:
    """Return the picture with its pixels the way it is shown, as the camera's note that says so is about to go.

    A JPEG keeps its own quantisation, so that it loses next to nothing. AVIF says it in the container, which stays.
    """
    if measured.orientation == 1 or measured.is_animated or media_type in (AVIF, GIF):
        return data
    with _open(data, media_type) as image:
        options = _options(image, data, media_type)
        try:
            turned = ImageOps.exif_transpose(image)
        except (OSError, SyntaxError, ValueError) as error:
            raise BrokenFormatError(f"it cannot be decoded ({error})") from error
        output = BytesIO()
        turned.save(output, media_type.name, **options)
        return output.getvalue()


def _open(data: bytes, media_type: MediaType) -> Image.Image:
    try:
        return Image.open(BytesIO(data), formats=[media_type.name.upper()])
    except (OSError, SyntaxError, ValueError, OverflowError) as error:
        raise BrokenFormatError("its header makes no sense") from error


def _orientation(image: Image.Image) -> int:
    try:
        orientation = image.getexif().get(ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, KeyError):
        # Camera data that cannot be read says nothing, and is thrown away in any case.
        return 1
    return orientation if orientation in range(1, 9) else 1


def _options(image: Image.Image, data: bytes, media_type: MediaType) -> dict[str, Any]:
    options: dict[str, Any] = {"icc_profile": image.info.get("icc_profile"), "exif": b""}
    if media_type is JPEG and isinstance(image, JpegImagePlugin.JpegImageFile):
        options |= {"qtables": image.quantization, "subsampling": JpegImagePlugin.get_sampling(image), "optimize": True}
    if media_type is WEBP:
        options |= {"lossless": b"VP8L" in data[12:64], "quality": 92}
    return options
