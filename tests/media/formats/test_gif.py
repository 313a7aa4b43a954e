import pytest

from homeport.media.formats import BrokenFormatError, gif
from tests.factories.media import a_picture, an_animation

PICTURE = a_picture("GIF")
END = b"\x3b"
XMP = b"\x21\xff\x0bXMP DataXMP\x05<xmp>\x00"
COMMENT = b"\x21\xfe\x06SECRET\x00"
LOOP = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"


@pytest.mark.parametrize("block", [XMP, COMMENT])
def test_what_only_describes_the_picture_goes(block: bytes) -> None:
    assert gif.strip(PICTURE[:-1] + block + END).data == PICTURE


def test_the_loop_and_every_frame_stay() -> None:
    assert LOOP in gif.strip(PICTURE[:-1] + LOOP + END).data
    assert gif.strip(an_animation("GIF")).data == an_animation("GIF")


def test_what_follows_the_end_is_told_apart() -> None:
    assert gif.strip(PICTURE + b"rest").rest == b"rest"


@pytest.mark.parametrize("data", [b"GIF89a", PICTURE[:-1], PICTURE[:-1] + b"\x21", PICTURE[:-1] + b"\x21\xfe\x09abc"])
def test_a_file_that_breaks_off_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenFormatError, match="ends in the middle"):
        gif.strip(data)


def test_a_block_of_no_kind_is_refused() -> None:
    with pytest.raises(BrokenFormatError, match="no block"):
        gif.strip(PICTURE[:-1] + b"<script>" + END)
