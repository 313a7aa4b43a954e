import gzip
import tarfile
import zipfile
from io import BytesIO

import pytest

from homeport.media import types
from homeport.media.errors import MediaTypeRefusedError
from homeport.media.sniff import sniff
from tests.factories.media import a_drawing, a_movie, a_picture, an_animation


def a_zip() -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("a.txt", "a")
    return output.getvalue()


def a_tar() -> bytes:
    output = BytesIO()
    with tarfile.open(fileobj=output, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return output.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (a_picture("JPEG"), types.JPEG),
        (a_picture("PNG"), types.PNG),
        (a_picture("GIF"), types.GIF),
        (a_picture("WEBP"), types.WEBP),
        (a_picture("AVIF"), types.AVIF),
        (an_animation("WEBP"), types.WEBP),
        (a_drawing(), types.SVG),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made by hand -->\n' + a_drawing(), types.SVG),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/svg11.dtd">' + a_drawing(), types.SVG),
        (b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', types.SVG),
        (a_movie(), types.MP4),
        (b"\x00\x00\x00\x14ftypM4A \x00\x00\x00\x00isom", types.M4A),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", types.WEBM),
        (b"ID3\x04\x00" + bytes(20), types.MP3),
        (b"\xff\xfb\x90\x64" + bytes(20), types.MP3),
        (b"OggS\x00" + bytes(20), types.OGG),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", types.WAV),
        (b"%PDF-1.7\n", types.PDF),
        (a_zip(), types.ZIP),
        (gzip.compress(a_tar()), types.GZIP),
        (a_tar(), types.TAR),
        (b"name,price\ncr\xc3\xaape,3\n", types.TEXT),
        (b'{"a": [1, 2]}', types.TEXT),
        (b"ID3 is a way to tag music, BM a car maker.", types.TEXT),
        (b"<rss version='2.0'></rss>", types.TEXT),
    ],
    # The bytes of a packed file hold the time, and test processes have to agree on names.
    ids=lambda value: getattr(value, "content_type", ""),
)
def test_the_type_is_what_the_bytes_say(data: bytes, expected: types.MediaType) -> None:
    assert sniff(data, "any.name") is expected


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><title>x</title>",
        b"\n\n <!-- a --> <HTML><body>",
        b"<script>alert(1)</script>",
        b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"/>',
        b"\xef\xbb\xbf<iframe src=//evil>",
    ],
)
def test_a_page_is_refused_whatever_it_is_called(data: bytes) -> None:
    with pytest.raises(MediaTypeRefusedError, match=r"holiday\.jpg is an HTML page"):
        sniff(data, "holiday.jpg")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
        (b"II*\x00" + bytes(20), "TIFF"),
        (b"BM\x00\x00\x00\x00" + bytes(20), "BMP"),
        (b"MZ\x90\x00" + bytes(20), "a program"),
        (b"\x7fELF\x02\x01" + bytes(20), "a program"),
        (b"\x01\x02\x03\x00\xff", "of no type that is served here"),
    ],
)
def test_what_is_not_served_is_refused_with_a_way_out(data: bytes, words: str) -> None:
    with pytest.raises(MediaTypeRefusedError, match=words):
        sniff(data, "x.png")


def test_every_extension_belongs_to_one_type() -> None:
    extensions = [extension for media_type in types.TYPES for extension in media_type.extensions]
    assert len(extensions) == len(set(extensions))


def test_no_type_is_one_that_a_browser_runs() -> None:
    assert not [t for t in types.TYPES if "html" in t.content_type or "javascript" in t.content_type]
