from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from homeport.media import types
from homeport.media.errors import (
    ActivePictureError,
    DisguisedMediaError,
    MediaDamagedError,
    MediaRefusedError,
    MediaTooLargeError,
    PictureTooLargeError,
)
from homeport.media.prepare import PreparedMedia, content_hash, prepare
from tests.factories.media import (
    COLOR_PROFILE,
    MAX_BYTES,
    SECRET,
    a_drawing,
    a_movie,
    a_photo,
    a_picture,
    a_png_that_claims,
    an_animation,
)

PHOTOS = ("JPEG", "PNG", "WEBP", "AVIF")
PICTURES = (*PHOTOS, "GIF")


def prepared(data: bytes, name: str = "photo.jpg") -> PreparedMedia:
    return prepare(data, name, max_bytes=MAX_BYTES)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


class TestMetadata:
    @pytest.mark.parametrize("kind", PHOTOS)
    def test_the_camera_s_notes_go_and_the_colours_stay(self, kind: str) -> None:
        photo = a_photo(kind)
        clean = prepared(photo).data
        assert SECRET in photo
        assert SECRET not in clean
        assert not dict(opened(clean).getexif())
        assert opened(clean).info["icc_profile"] == COLOR_PROFILE

    @pytest.mark.parametrize("kind", PHOTOS)
    def test_no_pixel_changes_when_the_photo_is_upright(self, kind: str) -> None:
        photo = a_photo(kind)
        assert opened(prepared(photo).data).tobytes() == opened(photo).tobytes()

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    @pytest.mark.parametrize("orientation", range(2, 9))
    def test_a_turned_photo_is_stored_the_way_it_is_shown(self, kind: str, orientation: int) -> None:
        photo = a_photo(kind, orientation=orientation)
        found = prepared(photo)
        image = opened(found.data)
        assert (found.width, found.height) == image.size == ((40, 80) if orientation >= 5 else (80, 40))
        assert SECRET not in found.data
        assert image.info["icc_profile"] == COLOR_PROFILE
        corner = {2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[orientation]
        blue_at = (corner[0] * (image.width - 1), corner[1] * (image.height - 1))
        red, _green, blue = image.convert("RGB").getpixel(blue_at)
        assert (blue > 200, red < 100) == (True, True)

    def test_an_avif_says_itself_how_it_is_turned(self) -> None:
        found = prepared(a_photo("AVIF", orientation=6))
        assert (found.width, found.height) == (40, 80)
        assert opened(found.data).getexif()[0x0112] == 6

    def test_a_comment_in_a_gif_goes_and_the_animation_stays(self) -> None:
        assert SECRET not in prepared(a_picture("GIF", comment=SECRET)).data
        assert opened(prepared(an_animation("GIF")).data).info["loop"] == 0

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
    def test_an_animation_keeps_its_frames(self, kind: str) -> None:
        assert opened(prepared(an_animation(kind)).data).n_frames == 2

    def test_a_film_loses_the_place_where_it_was_taken_and_nothing_moves(self) -> None:
        film = a_movie()
        found = prepared(film, "film.mov")
        assert SECRET in film
        assert SECRET not in found.data
        assert len(found.data) == len(film)
        assert (found.width, found.height) == (640, 360)

    @pytest.mark.parametrize("kind", PICTURES)
    def test_preparing_twice_changes_nothing(self, kind: str) -> None:
        once = prepared(a_picture(kind) if kind == "GIF" else a_photo(kind, orientation=6))
        twice = prepare(once.data, once.name, max_bytes=MAX_BYTES)
        assert (twice.data, twice.name, twice.hash) == (once.data, once.name, once.hash)


class TestRefusals:
    def test_a_file_over_the_limit_is_refused_with_both_sizes(self) -> None:
        with pytest.raises(MediaTooLargeError, match=r"big\.txt has 2,000 bytes, more than the 1,500") as refusal:
            prepare(b"x" * 2000, "big.txt", max_bytes=1500)
        assert "MEDIA_MAX_BYTES" in refusal.value.hint

    @pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (60_000, 10), (8001, 8001)])
    def test_a_picture_that_would_fill_the_memory_is_refused(self, width: int, height: int) -> None:
        with pytest.raises(PictureTooLargeError, match=rf"bomb\.png has {width:,} x {height:,} pixels"):
            prepared(a_png_that_claims(width, height), "bomb.png")

    @pytest.mark.parametrize("kind", PICTURES)
    @pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
    def test_a_picture_cut_short_is_refused(self, kind: str, share: float) -> None:
        whole = a_picture(kind)
        with pytest.raises(MediaDamagedError, match=r"cut\.jpg is not a whole"):
            prepared(whole[: int(len(whole) * share)], "cut.jpg")

    def test_a_png_with_a_changed_byte_is_refused(self) -> None:
        broken = bytearray(a_picture("PNG"))
        broken[-20] ^= 1
        with pytest.raises(MediaDamagedError, match="check sum"):
            prepared(bytes(broken))

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
    @pytest.mark.parametrize("second", [b"PK\x03\x04...", b"%PDF-1.4", b"<script>alert(1)</script>", b"<?php"])
    def test_a_second_file_behind_the_picture_is_refused(self, kind: str, second: bytes) -> None:
        with pytest.raises(DisguisedMediaError, match="another file hidden"):
            prepared(a_picture(kind) + second)

    def test_the_film_that_a_phone_puts_behind_a_photo_is_cut_off(self) -> None:
        photo = a_picture("JPEG")
        assert prepared(photo + a_movie()).data == photo

    def test_a_page_in_a_comment_of_a_photo_is_gone(self) -> None:
        photo = a_picture("JPEG", comment=b"<script>alert(1)</script>")
        assert b"script" in photo
        assert b"script" not in prepared(photo).data

    def test_a_drawing_with_a_program_is_refused_or_loses_it(self) -> None:
        drawing = a_drawing("<script>alert(1)</script><rect width='1' height='1' onclick='x()'/>")
        with pytest.raises(ActivePictureError, match=r"chart\.svg has a program in it \(<script>, onclick=\)"):
            prepared(drawing, "chart.svg")
        kept = prepare(drawing, "chart.svg", max_bytes=MAX_BYTES, programs="remove")
        assert b"alert" not in kept.data
        assert kept.removed == ("<script>", "onclick=")

    @settings(max_examples=150, deadline=None)
    @given(data=st.data())
    def test_no_damage_makes_anything_but_a_refusal(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(["JPEG", "PNG", "GIF", "WEBP", "AVIF", "MP4"]))
        whole = bytearray(a_movie() if kind == "MP4" else a_picture(kind, size=(16, 8)))
        for _ in range(data.draw(st.integers(1, 4))):
            whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
        cut = data.draw(st.integers(1, len(whole)))
        # Whatever else is raised fails the test.
        with suppress(MediaRefusedError):
            prepared(bytes(whole[:cut]))


class TestFacts:
    @pytest.mark.parametrize("kind", PICTURES)
    def test_width_and_height_are_read(self, kind: str) -> None:
        found = prepared(a_picture(kind, size=(64, 32)))
        assert (found.width, found.height) == (64, 32)

    def test_both_hashes_are_of_bytes(self) -> None:
        photo = a_photo()
        found = prepared(photo)
        assert found.hash == content_hash(found.data) != found.original_hash == content_hash(photo)

    def test_a_text_is_kept_as_it_is(self) -> None:
        found = prepared(b"a,b\r\n1,2\r\n", "Table.CSV")
        assert (found.data, found.media_type, found.name) == (b"a,b\r\n1,2\r\n", types.TEXT, "table.csv")
        assert (found.width, found.height) == (None, None)
