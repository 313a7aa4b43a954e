import random
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.ctx import RequestContext
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import encode_multipart

from homeport.errors import UnavailableError
from homeport.media.errors import MediaTooLargeError
from homeport.media.receiving import FORM_BYTES, received_body, received_files

MEGABYTE = 2**20


@pytest.fixture
def app() -> Flask:
    return Flask(__name__)


def noise(size: int, seed: int) -> bytes:
    """Bytes as compressed pictures have them, line ends at any place."""
    return random.Random(seed).randbytes(size)


@pytest.fixture
def sent(app) -> Callable[..., RequestContext]:
    """The context of a request with this form."""

    def sent(*files: tuple[str, bytes], **fields: str) -> RequestContext:
        parts = [FileStorage(BytesIO(content), filename=name) for name, content in files]
        boundary, body = encode_multipart({"file": parts, **fields})
        return app.test_request_context(
            method="POST", data=body, content_type=f"multipart/form-data; boundary={boundary}"
        )

    return sent


def test_pictures_of_any_size_come_in_whole(sent, tmp_path):
    pictures = [
        (f"{size}.jpg", noise(size, seed=size)) for size in (0, 1, 65_535, 65_536, 65_537, 290_001, 3 * MEGABYTE)
    ]
    with sent(*pictures), received_files("file", tmp_path, max_bytes=25 * MEGABYTE) as files:
        assert [(file.name, file.read()) for file in files] == pictures


@pytest.mark.parametrize("size", range(64 * 1024 - 300, 64 * 1024 + 300, 50))
def test_a_line_end_at_the_end_of_what_is_read_at_once_is_no_hindrance(sent, tmp_path, size):
    content = (b"x" * (size - 2) + b"\r\n") * 3
    with sent(("a.bin", content)), received_files("file", tmp_path, max_bytes=MEGABYTE) as [file]:
        assert file.read() == content


def test_a_file_over_the_limit_leaves_the_others_alone(sent, tmp_path):
    with (
        sent(("large", noise(2000, 1)), ("small", noise(10, 2))),
        received_files("file", tmp_path, max_bytes=1000) as [large, small],
    ):
        assert small.read() == noise(10, 2)
        with pytest.raises(MediaTooLargeError):
            large.read()


def test_a_field_of_any_length_is_refused(sent, tmp_path):
    with (
        sent(("a", b""), text="x" * (FORM_BYTES + 1)),
        pytest.raises(RequestEntityTooLarge),
        received_files("file", tmp_path, max_bytes=25 * MEGABYTE),
    ):
        raise AssertionError


def test_a_body_is_one_file(app, tmp_path):
    content = noise(200_000, 3)
    context = app.test_request_context(method="POST", data=content)
    with context, received_body("../../etc/a.png", tmp_path, max_bytes=MEGABYTE) as file:
        assert (file.name, file.read()) == ("a.png", content)


def test_a_disk_without_room_is_said(sent, tmp_path):
    (tmp_path / "file").write_text("")
    with (
        sent(("a", b"x")),
        pytest.raises(UnavailableError, match="no room"),
        received_files("file", tmp_path / "file", max_bytes=MEGABYTE),
    ):
        raise AssertionError
