import pytest

from homeport.media.formats import BrokenFormatError, jpeg
from tests.factories.media import a_picture


def a_segment(code: int, body: bytes) -> bytes:
    return bytes([0xFF, code]) + (len(body) + 2).to_bytes(2) + body


def with_segment(code: int, body: bytes) -> bytes:
    photo = a_picture("JPEG")
    return photo[:2] + a_segment(code, body) + photo[2:]


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (0xE1, b"Exif\x00\x00II*\x00"),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta/>"),
        (0xE0, b"JFXX\x00thumbnail"),
        (0xE2, b"MPF\x00second picture"),
        (0xEB, b"JP\x00\x00jumbf"),
        (0xED, b"Photoshop 3.0\x008BIM"),
        (0xFE, b"a comment"),
    ],
)
def test_what_only_describes_the_picture_goes(code: int, body: bytes) -> None:
    assert jpeg.strip(with_segment(code, body)).data == a_picture("JPEG")


@pytest.mark.parametrize(
    ("code", "body"), [(0xE2, b"ICC_PROFILE\x00\x01\x01p"), (0xEE, b"Adobe\x00d\x00\x00\x00\x00\x01")]
)
def test_what_changes_the_colours_stays(code: int, body: bytes) -> None:
    photo = with_segment(code, body)
    assert jpeg.strip(photo).data == photo


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_blocks": 1}, {"quality": 100}])
def test_every_scan_is_kept_whole(options: dict[str, int]) -> None:
    photo = a_picture("JPEG", size=(200, 200), **options)
    assert jpeg.strip(photo).data == photo


def test_filling_between_segments_is_skipped() -> None:
    photo = a_picture("JPEG")
    assert jpeg.strip(photo[:2] + b"\xff\xff\xff" + photo[2:]).data == photo


def test_the_camera_s_notes_are_handed_out_and_the_rest_told_apart() -> None:
    found = jpeg.strip(with_segment(0xE1, b"Exif\x00\x00II*\x00") + b"rest")
    assert found.exif == b"Exif\x00\x00II*\x00"
    assert found.rest == b"rest"


@pytest.mark.parametrize(
    "data",
    [b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xe1\x00\x01", b"\xff\xd8\xff\xe1\xff\xffx"],
)
def test_a_file_that_breaks_off_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenFormatError, match="ends in the middle"):
        jpeg.strip(data)


def test_bytes_between_segments_are_refused() -> None:
    photo = a_picture("JPEG")
    with pytest.raises(BrokenFormatError, match="no marker at byte 2"):
        jpeg.strip(photo[:2] + b"<script>" + photo[2:])
