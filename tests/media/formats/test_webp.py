from io import BytesIO

import pytest
from PIL import Image

from homeport.media.formats import BrokenFormatError, webp
from tests.factories.media import COLOR_PROFILE, SECRET, a_photo, a_picture, an_animation


def test_notes_go_and_are_no_longer_announced() -> None:
    photo = a_photo("WEBP", xmp=b"<xmp>" + SECRET)
    found = webp.strip(photo)
    assert SECRET in found.exif
    assert SECRET not in found.data
    assert found.data[20] == 0x20, "only the colour profile is announced"
    with Image.open(BytesIO(found.data)) as image:
        assert image.info["icc_profile"] == COLOR_PROFILE


@pytest.mark.parametrize("picture", [a_picture("WEBP"), a_picture("WEBP", lossless=True), an_animation("WEBP")])
def test_a_picture_without_notes_stays_as_it_is(picture: bytes) -> None:
    assert webp.strip(picture).data == picture


def test_what_follows_the_end_is_told_apart() -> None:
    assert webp.strip(a_picture("WEBP") + b"rest").rest == b"rest"


@pytest.mark.parametrize(
    "data",
    [
        b"RIFF\x04\x00\x00\x00WEBP",
        b"RIFF\xff\x00\x00\x00WEBPVP8 \x00\x00\x00\x00",
        b"RIFF\x10\x00\x00\x00WEBPVP8 \xff\x00\x00\x00abcd",
        b"RIFF\x0e\x00\x00\x00WEBPVP8X\x02\x00\x00\x00ab",
    ],
)
def test_a_file_that_contradicts_itself_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenFormatError):
        webp.strip(data)
