import pytest

from homeport.media.types import AVIF, GIF, JPEG, PNG, SVG, WEBP, ZIP
from homeport.media.variants import (
    Variant,
    can_have_variants,
    file_name_of,
    forms_of,
    parse_file_name,
    path_of,
    plan_variants,
)

DIGEST = "0" * 32


def widths_of(source, width, format_name):
    return [variant.width for variant in plan_variants(source, width) if variant.format == format_name]


@pytest.mark.parametrize(
    ("width", "modern", "classic"),
    [
        (4000, [480, 800, 1200, 1600], [480, 800, 1200, 1600]),
        (1600, [480, 800, 1200, 1600], [480, 800, 1200]),
        (1000, [480, 800, 1000], [480, 800]),
        (300, [300], []),
    ],
)
def test_no_form_is_wider_than_the_picture_and_none_repeats_it(width, modern, classic):
    assert widths_of(JPEG, width, "avif") == widths_of(JPEG, width, "webp") == modern
    assert widths_of(JPEG, width, "original") == classic


def test_a_modern_original_is_not_packed_again_at_its_own_size():
    assert widths_of(WEBP, 800, "webp") == [480]
    assert widths_of(WEBP, 800, "avif") == [480, 800]
    assert widths_of(AVIF, 800, "avif") == [480]
    assert widths_of(AVIF, 800, "original") == []


def test_a_gif_is_never_made_smaller_as_a_gif():
    assert widths_of(GIF, 800, "original") == []


def test_drawings_and_downloads_have_none():
    assert can_have_variants(JPEG.content_type)
    assert not can_have_variants(SVG.content_type)
    assert not can_have_variants(ZIP.content_type)


@pytest.mark.parametrize("source", [JPEG, PNG, WEBP, AVIF, GIF])
def test_every_form_is_found_by_its_address(source):
    for variant in plan_variants(source, 1000):
        assert path_of(DIGEST, variant, source).endswith(f"/w/{file_name_of(variant, source)}")
        assert parse_file_name(file_name_of(variant, source), source) == variant


@pytest.mark.parametrize("name", ["800.gif", "x.avif", "٣.avif", ".avif", "800", "800.png"])
def test_other_addresses_mean_nothing(name):
    assert parse_file_name(name, JPEG) is None


def test_a_page_offers_the_best_packed_first_and_each_from_narrow_to_wide():
    made = {Variant("original", 480), Variant("avif", 800), Variant("webp", 480), Variant("avif", 480)}
    forms = forms_of(DIGEST, "image/png", made)
    assert [(form.content_type, form.width) for form in forms] == [
        ("image/avif", 480),
        ("image/avif", 800),
        ("image/webp", 480),
        ("image/png", 480),
    ]
    assert forms[0].url == f"/media/{DIGEST}/w/480.avif"
