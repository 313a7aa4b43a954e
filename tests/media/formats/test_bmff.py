import struct
from io import BytesIO

import pytest
from PIL import Image

from homeport.media.formats import BrokenFormatError, bmff
from tests.factories.media import SECRET, a_box, a_movie, a_photo, a_picture

START = a_box(b"ftyp", b"isom\x00\x00\x00\x00")


class TestMovies:
    @pytest.mark.parametrize(
        "described",
        [
            a_box(b"moov", a_box(b"udta", SECRET)),
            a_box(b"moov", a_box(b"meta", bytes(4), SECRET)),
            a_box(b"moov", a_box(b"trak", a_box(b"udta", SECRET))),
            a_box(b"uuid", b"x" * 16, SECRET),
            struct.pack(">I4sQ", 1, b"udta", 16 + len(SECRET)) + SECRET,
            struct.pack(">I4s", 0, b"meta") + SECRET,
        ],
    )
    def test_descriptions_are_blanked_wherever_they_are(self, described: bytes) -> None:
        found = bmff.strip_movie(START + described).data
        assert SECRET not in found
        assert len(found) == len(START + described)
        assert bmff.strip_movie(found).data == found

    def test_the_film_itself_is_not_touched(self) -> None:
        film = START + a_box(b"mdat", b"udta", SECRET)
        assert bmff.strip_movie(film).data == film

    def test_a_box_longer_than_the_file_is_refused(self) -> None:
        with pytest.raises(BrokenFormatError, match="ends in the middle"):
            bmff.strip_movie(a_movie()[:-2])

    def test_the_size_is_that_of_the_largest_track(self) -> None:
        assert bmff.movie_size(a_movie(width=1920, height=1080)) == (1920, 1080)
        assert bmff.movie_size(a_movie(width=0, height=0)) is None
        assert bmff.movie_size(START) is None


class TestPictures:
    def test_notes_are_overwritten_and_nothing_moves(self) -> None:
        photo = a_photo("AVIF", xmp=b"<xmp>" + SECRET)
        assert photo.count(SECRET) == 2
        found = bmff.strip_picture(photo).data
        assert SECRET not in found
        assert len(found) == len(photo)
        with Image.open(BytesIO(found)) as clean, Image.open(BytesIO(photo)) as before:
            assert clean.tobytes() == before.tobytes()

    def test_a_picture_without_notes_stays_as_it_is(self) -> None:
        assert bmff.strip_picture(a_picture("AVIF")).data == a_picture("AVIF")

    def test_a_container_without_a_picture_is_refused(self) -> None:
        with pytest.raises(BrokenFormatError, match="no picture"):
            bmff.strip_picture(START)

    def test_a_place_behind_the_end_is_refused(self) -> None:
        table = struct.pack(">IBBHHHHII", 0, 0x44, 0, 1, 1, 0, 1, 10, 9999)
        with pytest.raises(BrokenFormatError, match="ends in the middle"):
            bmff.strip_picture(START + a_box(b"meta", bytes(4), a_box(b"iloc", table)))
