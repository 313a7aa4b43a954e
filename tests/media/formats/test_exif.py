import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from homeport.media.formats.exif import orientation_of


def notes(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif[0x0112] = orientation
    return exif.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_read_with_and_without_the_prefix(orientation: int) -> None:
    assert orientation_of(notes(orientation)) == orientation
    assert orientation_of(notes(orientation).removeprefix(b"Exif\x00\x00")) == orientation


def test_both_byte_orders_are_read() -> None:
    assert orientation_of(b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00") == 6
    assert orientation_of(b"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00") == 6


@pytest.mark.parametrize("given_notes", [b"", b"Exif\x00\x00", b"II", b"MM\x00*\xff\xff\xff\xff", notes(0), notes(9)])
def test_notes_that_make_no_sense_say_nothing(given_notes: bytes) -> None:
    assert orientation_of(given_notes) == 1


@given(st.binary(max_size=200))
def test_no_bytes_are_a_problem(rest: bytes) -> None:
    assert 1 <= orientation_of(b"II*\x00" + rest) <= 8
