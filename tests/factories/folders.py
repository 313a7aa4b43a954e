"""Folders of texts for tests, said as a dictionary of paths and contents."""

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path


def write_folder(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files beneath `root` and return it."""
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def png(width: int = 3, height: int = 2, shade: int = 0) -> bytes:
    """Return a real picture of one shade of grey; another shade makes another file."""
    rows = b"".join(b"\x00" + bytes([shade]) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
