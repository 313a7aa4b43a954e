"""The program that decodes what strangers send: its pictures look right, and hostile ones end it and nothing else."""

from io import BytesIO

import pytest
from PIL import Image

from homeport.media import encoder
from homeport.media.variants import UNSUITABLE
from tests.factories.media import COLOR_PROFILE, a_photo, a_picture, an_animation


@pytest.fixture(autouse=True)
def unbounded(monkeypatch):
    """The tests' own process keeps its memory."""
    monkeypatch.setattr(encoder, "_bound", lambda: None)


@pytest.fixture
def encode(tmp_path):
    def run(data: bytes, kind: str, *wanted: str) -> dict[str, Image.Image]:
        (tmp_path / "source").write_bytes(data)
        assert encoder.main([str(tmp_path / "source"), kind, str(tmp_path), *wanted]) == 0
        made = {}
        for name in wanted:
            made[name] = Image.open(BytesIO((tmp_path / name).read_bytes()))
        return made

    return run


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_picture_is_made_smaller_in_each_format_and_keeps_its_proportions(encode, kind):
    made = encode(a_picture(kind, size=(400, 200)), kind, "AVIF-100", "WEBP-100", "PNG-100", "AVIF-400")
    assert {image.size for name, image in made.items() if name.endswith("-100")} == {(100, 50)}
    for name, image in made.items():
        assert image.format == name.partition("-")[0]
        left_upper = image.convert("RGB").getpixel((10, 5))
        assert left_upper[2] > 180
        assert left_upper[0] < 70


def test_the_colour_profile_goes_along(encode):
    made = encode(a_photo(size=(400, 200)), "JPEG", "AVIF-100", "WEBP-100", "JPEG-100")
    assert {image.info["icc_profile"] for image in made.values()} == {COLOR_PROFILE}


def test_notes_on_the_author_do_not(encode):
    made = encode(a_photo(size=(400, 200)), "JPEG", "AVIF-100", "WEBP-100", "JPEG-100", "PNG-100")
    assert not any("exif" in image.info or "xmp" in image.info for image in made.values())


def test_what_is_transparent_stays_so(encode):
    image = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    for mode in ("RGBA", "P", "LA"):
        output = BytesIO()
        image.convert(mode).save(output, "PNG", **({"transparency": 0} if mode == "P" else {}))
        made = encode(output.getvalue(), "PNG", "AVIF-100", "WEBP-100", "PNG-100")
        assert all(each.convert("RGBA").getpixel((5, 5))[3] == 0 for each in made.values()), mode


def test_printers_colours_become_screens_colours(encode):
    output = BytesIO()
    Image.new("CMYK", (200, 100), (0, 255, 255, 0)).save(output, "JPEG")
    red, green, blue = encode(output.getvalue(), "JPEG", "WEBP-100")["WEBP-100"].convert("RGB").getpixel((5, 5))
    assert red > 180
    assert max(green, blue) < 80


def test_what_moves_has_no_forms(tmp_path):
    (tmp_path / "source").write_bytes(an_animation())
    assert encoder.main([str(tmp_path / "source"), "GIF", str(tmp_path), "WEBP-4"]) == UNSUITABLE


def test_colours_that_the_formats_do_not_have_are_left_alone(tmp_path):
    Image.new("I;16", (40, 20)).save(tmp_path / "source", "PNG")
    assert encoder.main([str(tmp_path / "source"), "PNG", str(tmp_path), "WEBP-4"]) == UNSUITABLE
