"""Makes the forms of one picture: `python -m homeport.media.encoder`, a program of its own that may be killed.

What it decodes came from a stranger's camera, so it has bounds on memory and time, and nothing else to lose: no
database, no secrets, one folder to write to.
"""

import os
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from homeport.media.variants import UNSUITABLE

MEMORY_BYTES = 2 * 1024**3
PROCESSOR_SECONDS = 240
FILE_BYTES = 64 * 1024**2
NICENESS = 10

PHOTO: dict[str, dict[str, Any]] = {
    "AVIF": {"quality": 62, "speed": 6, "max_threads": 1},
    "WEBP": {"quality": 80, "method": 4},
    "JPEG": {"quality": 82, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
}
# Edges and small letters suffer where a photo does not.
DRAWN = PHOTO | {
    "AVIF": {"quality": 75, "speed": 6, "subsampling": "4:4:4", "max_threads": 1},
    "WEBP": {"quality": 90, "method": 4},
}
MODES = {"1": "L", "L": "L", "P": "RGB", "PA": "RGBA", "LA": "RGBA", "RGB": "RGB", "RGBA": "RGBA", "CMYK": "CMYK"}


def main(arguments: Sequence[str]) -> int:
    """Write `<format>-<width>` into the folder for each one wanted."""
    source, kind, folder, *wanted = arguments
    _bound()
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(source, formats=[kind]) as image:
        if getattr(image, "is_animated", False):
            return UNSUITABLE
        sizes = [name.rpartition("-") for name in wanted]
        _decode_no_larger_than_needed(image, max(int(width) for _, _, width in sizes))
        picture = _drawable(ImageOps.exif_transpose(image))
        if picture is None:
            return UNSUITABLE
        profile = picture.info.get("icc_profile")
        options = PHOTO if kind == "JPEG" else DRAWN
        for name, _, width in sizes:
            smaller = _scaled(picture, int(width))
            smaller.save(Path(folder) / f"{name}-{width}", name, **options[name], icc_profile=profile)
    return 0


def _bound() -> None:
    os.nice(NICENESS)
    # Where memory runs out, this is what the kernel should end, and not the database.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    bounds = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: PROCESSOR_SECONDS,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in bounds.items():
        _soft, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # A Mac knows no bound on memory; its time is bounded all the same.
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (bound, hard))


def _decode_no_larger_than_needed(image: Image.Image, width: int) -> None:
    """Let a JPEG be decoded at a half, a quarter or an eighth: a photo of a phone is four times as wide as a page."""
    if width < image.width:
        image.draft(None, (width, max(1, round(image.height * width / image.width))))


def _drawable(image: Image.Image) -> Image.Image | None:
    """Return the picture in colours that every format has, or None."""
    mode = MODES.get(image.mode)
    if mode is None:
        return None
    if mode == "CMYK":
        return _from_print(image)
    if image.mode == "P" and "transparency" in image.info:
        mode = "RGBA"
    return image if image.mode == mode else _converted(image, mode)


def _converted(image: Image.Image, mode: str) -> Image.Image:
    converted = image.convert(mode)
    converted.info = {name: value for name, value in image.info.items() if name == "icc_profile"}
    return converted


def _from_print(image: Image.Image) -> Image.Image:
    """Turn printers' colours into screens' by the picture's own profile; without one, as well as can be guessed."""
    # Rare, and not needed for anything else.
    from PIL import ImageCms  # noqa: PLC0415

    profile = image.info.get("icc_profile")
    if not profile:
        return _converted(image, "RGB")
    screen = ImageCms.createProfile("sRGB")
    turned = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(BytesIO(profile)), screen, outputMode="RGB")
    if turned is None:
        return _converted(image, "RGB")
    turned.info = {}
    return turned


def _scaled(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    scaled = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    scaled.info = image.info
    return scaled


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
