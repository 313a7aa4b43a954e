import pytest

from homeport.media.formats import BrokenFormatError, png
from tests.factories.media import a_chunk, a_picture, an_animation

PICTURE = a_picture("PNG")
AFTER_HEADER = 33


def with_chunk(kind: bytes, body: bytes) -> bytes:
    return PICTURE[:AFTER_HEADER] + a_chunk(kind, body) + PICTURE[AFTER_HEADER:]


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"caBX", b"prVt"])
def test_what_only_describes_the_picture_goes(kind: bytes) -> None:
    assert png.strip(with_chunk(kind, b"Author\x00SECRET")).data == PICTURE


@pytest.mark.parametrize("kind", [b"gAMA", b"pHYs", b"sRGB", b"iCCP", b"cICP"])
def test_what_changes_how_it_looks_stays(kind: bytes) -> None:
    assert png.strip(with_chunk(kind, b"1234")).data == with_chunk(kind, b"1234")


def test_an_animation_is_kept_whole() -> None:
    assert png.strip(an_animation("PNG")).data == an_animation("PNG")


def test_the_camera_s_notes_are_handed_out_and_the_rest_told_apart() -> None:
    found = png.strip(with_chunk(b"eXIf", b"II*\x00") + b"rest")
    assert (found.exif, found.rest) == (b"II*\x00", b"rest")


def test_a_length_behind_the_end_is_refused() -> None:
    with pytest.raises(BrokenFormatError, match="ends in the middle"):
        png.strip(PICTURE[:AFTER_HEADER] + b"\xff\xff\xff\xffIDAT" + PICTURE[AFTER_HEADER:])
