from io import BytesIO

import pytest
from PIL import Image

from homeport.media import types
from homeport.media.formats import BrokenFormatError
from homeport.media.raster import Measure, measure, turn_upright
from tests.factories.media import a_picture, a_png_that_claims, an_animation


@pytest.mark.parametrize(
    ("width", "height", "is_too_large"),
    [(8000, 8000, False), (8001, 8000, True), (32_767, 100, False), (32_768, 1, True), (20_000, 20_000, True)],
)
def test_the_limit_is_of_pixels_and_of_sides(width: int, height: int, is_too_large: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert Measure(width, height, is_animated=False).is_too_large is is_too_large


def test_a_size_is_read_without_decoding_anything() -> None:
    found = measure(a_png_that_claims(50_000, 50_000), types.PNG)
    assert (found.width, found.height, found.is_animated) == (50_000, 50_000, False)


def test_an_animation_is_recognised() -> None:
    assert measure(an_animation("GIF"), types.GIF).is_animated


def test_a_picture_of_another_type_than_it_begins_as_is_refused() -> None:
    with pytest.raises(BrokenFormatError):
        measure(a_picture("PNG"), types.JPEG)


def test_turning_keeps_the_quality_of_a_photo() -> None:
    photo = a_picture("JPEG", size=(64, 32), quality=97, subsampling=0)
    turned = turn_upright(photo, types.JPEG, 6)
    with Image.open(BytesIO(photo)) as before, Image.open(BytesIO(turned)) as after:
        assert after.size == (32, 64)
        assert after.quantization == before.quantization  # type: ignore[attr-defined]


def test_turning_loses_nothing_of_what_is_stored_without_loss() -> None:
    picture = a_picture("PNG", size=(5, 3))
    back = turn_upright(turn_upright(picture, types.PNG, 6), types.PNG, 8)
    with Image.open(BytesIO(picture)) as before, Image.open(BytesIO(back)) as after:
        assert after.tobytes() == before.tobytes()


def test_a_picture_with_damaged_pixels_cannot_be_turned() -> None:
    with pytest.raises(BrokenFormatError, match="cannot be decoded"):
        turn_upright(a_png_that_claims(100, 100), types.PNG, 6)
