import pytest

from homeport.media import types
from homeport.media.names import safe_name


@pytest.mark.parametrize(
    ("given", "media_type", "expected"),
    [
        ("Holiday Photo.JPEG", types.JPEG, "holiday-photo.jpeg"),
        ("photo.php", types.PNG, "photo.png"),
        ("photo.html", types.TEXT, "photo.txt"),
        ("../../etc/passwd", types.TEXT, "passwd.txt"),
        ("C:\\Users\\me\\shot.png", types.PNG, "shot.png"),
        ("größe.svg", types.SVG, "grosse.svg"),
        ("日本.gif", types.GIF, "ri-ben.gif"),
        (".png", types.PNG, "file.png"),
        ("", types.PDF, "file.pdf"),
        ("a.tar.gz", types.GZIP, "a.tar.gz"),
        ("report.docx", types.ZIP, "report.docx"),
        ("a\r\nSet-Cookie: x.png", types.PNG, "a-set-cookie-x.png"),
        ("x" * 500 + ".png", types.PNG, "x" * 80 + ".png"),
    ],
)
def test_a_name_is_safe_and_its_extension_fits(given: str, media_type: types.MediaType, expected: str) -> None:
    assert safe_name(given, media_type) == expected


@pytest.mark.parametrize("name", ["holiday-photo.jpeg", "a.tar.gz", "file.png", "x" * 80 + ".txt"])
def test_a_safe_name_stays(name: str) -> None:
    media_type = next(t for t in types.TYPES if name.rpartition(".")[2] in t.extensions)
    assert safe_name(name, media_type) == name
