"""Takes files out of a form as they come in: onto the disk, never into memory, and no more of each than is allowed."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from flask import request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

from homeport.errors import UnavailableError
from homeport.media.errors import MediaTooLargeError

if TYPE_CHECKING:
    from werkzeug.formparser import TStreamFactory

MOST_PARTS = 200
SLACK_BYTES = 64 * 1024
CHUNK_BYTES = 64 * 1024
FORM_BYTES = 4 * CHUNK_BYTES
"""Of everything but files. The parser counts a chunk of a file too, with what it kept of the one before."""


class CappedFile:
    """A file on disk that counts what does not fit, and throws it away."""

    def __init__(self, file: IO[bytes], max_bytes: int) -> None:
        self.file = file
        self.max_bytes = max_bytes
        self.size_bytes = 0

    def write(self, data: bytes) -> int:
        """Keep the data as long as there is room."""
        self.size_bytes += len(data)
        if self.size_bytes <= self.max_bytes:
            self.file.write(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        return self.file.seek(offset, whence)

    def read(self, size: int = -1) -> bytes:
        """Return the bytes from there on."""
        return self.file.read(size)

    def close(self) -> None:
        """Remove the file."""
        self.file.close()


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file as somebody has sent it, with the name they gave it."""

    name: str
    content: CappedFile

    def read(self) -> bytes:
        """Return its bytes; raises MediaTooLargeError."""
        if self.content.size_bytes > self.content.max_bytes:
            raise MediaTooLargeError(self.name, self.content.size_bytes, self.content.max_bytes)
        self.content.seek(0)
        return self.content.read()


@contextmanager
def received_files(field: str, folder: Path, *, max_bytes: int) -> Iterator[list[ReceivedFile]]:
    """Yield the files of this request's form; they are gone after the block.

    Raises UnavailableError when there is no room for them.
    """
    request.max_content_length = max(request.max_content_length or 0, max_bytes + SLACK_BYTES)
    taken: list[CappedFile] = []

    def take(
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        # What is claimed is not believed; the bytes are counted as they come.
        del total_content_length, content_type, filename, content_length
        folder.mkdir(parents=True, exist_ok=True)
        taken.append(CappedFile(tempfile.TemporaryFile(dir=folder), max_bytes))  # noqa: SIM115 - closed below
        # All that the parser does with a file is here.
        return cast("IO[bytes]", taken[-1])

    try:
        yield [
            ReceivedFile(Path(sent.filename or "").name or "file", content)
            for sent in _parse(take).getlist(field)
            if isinstance(content := sent.stream, CappedFile) and (sent.filename or content.size_bytes)
        ]
    finally:
        for file in taken:
            file.close()


@contextmanager
def received_body(name: str, folder: Path, *, max_bytes: int) -> Iterator[ReceivedFile]:
    """Yield the body of this request as one file; it is gone after the block.

    Raises UnavailableError when there is no room for it.
    """
    request.max_content_length = max(request.max_content_length or 0, max_bytes + SLACK_BYTES)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        content = CappedFile(file, max_bytes)
        try:
            while part := request.stream.read(CHUNK_BYTES):
                content.write(part)
        except OSError as error:
            raise UnavailableError(f"there is no room for what was sent: {error.strerror}") from error
        yield ReceivedFile(Path(name).name or "file", content)


def _parse(take: "TStreamFactory") -> MultiDict[str, FileStorage]:
    parser = FormDataParser(take, max_form_memory_size=FORM_BYTES, max_form_parts=MOST_PARTS)
    try:
        return parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)[2]
    except OSError as error:
        raise UnavailableError(f"there is no room for what was sent: {error.strerror}") from error
