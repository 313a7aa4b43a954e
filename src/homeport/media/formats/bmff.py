"""Blank what describes the author in the ISO containers, AVIF and MP4.

Places in them are counted from the start of the file, so nothing may move: bytes are overwritten where they stand.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from homeport.media.formats import BrokenFormatError, Stripped

CONTAINERS = frozenset({b"moov", b"trak"})
DESCRIPTIONS = frozenset({b"udta", b"meta", b"uuid"})
DESCRIBING_ITEMS = frozenset({b"Exif", b"mime"})
# A camera block that says nothing: readers that insist on a TIFF header still find one.
EMPTY_EXIF = b"\x00\x00\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00"


@dataclass(frozen=True, slots=True)
class Box:
    """One box: what it is, where it begins, where its content begins, where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


def strip_movie(data: bytes) -> Stripped:
    """Return the MP4 with its user data (place, device, titles) turned into empty space."""
    blank = bytearray(data)
    for box in _described(data, 0, len(data)):
        blank[box.start + 4 : box.start + 8] = b"free"
        blank[box.body : box.end] = bytes(box.end - box.body)
    return Stripped(bytes(blank))


def strip_picture(data: bytes) -> Stripped:
    """Return the AVIF with its camera data and XMP overwritten."""
    boxes = {box.kind: box for box in _boxes(data, 0, len(data))}
    if b"meta" not in boxes:
        raise BrokenFormatError("it has no picture in it")
    meta = boxes[b"meta"]
    parts = {box.kind: box for box in _boxes(data, meta.body + 4, meta.end)}
    kinds = _item_kinds(data, parts.get(b"iinf"))
    blank = bytearray(data)
    for item, start, end in _item_places(data, parts.get(b"iloc"), parts.get(b"idat")):
        if end > len(data):
            raise BrokenFormatError("it ends in the middle")
        if kinds.get(item) in DESCRIBING_ITEMS:
            filler = EMPTY_EXIF if kinds[item] == b"Exif" else b""
            blank[start:end] = filler[: end - start].ljust(end - start, b"\x00")
    return Stripped(bytes(blank))


def movie_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of the largest track, or None where there is none."""
    sizes = [
        (int.from_bytes(data[header.end - 8 : header.end - 6]), int.from_bytes(data[header.end - 4 : header.end - 2]))
        for movie in _boxes(data, 0, len(data))
        if movie.kind == b"moov"
        for track in _boxes(data, movie.body, movie.end)
        if track.kind == b"trak"
        for header in _boxes(data, track.body, track.end)
        if header.kind == b"tkhd"
    ]
    return max((size for size in sizes if all(size)), default=None)


def _described(data: bytes, start: int, end: int) -> Iterator[Box]:
    for box in _boxes(data, start, end):
        if box.kind in DESCRIPTIONS:
            yield box
        elif box.kind in CONTAINERS:
            yield from _described(data, box.body, box.end)


def _boxes(data: bytes, at: int, end: int) -> Iterator[Box]:
    while at + 8 <= end:
        size, body = int.from_bytes(data[at : at + 4]), at + 8
        if size == 1:
            size, body = int.from_bytes(data[at + 8 : at + 16]), at + 16
        following = end if size == 0 else at + size
        if following < body or following > end:
            raise BrokenFormatError("it ends in the middle")
        yield Box(data[at + 4 : at + 8], at, body, following)
        at = following


def _item_kinds(data: bytes, table: Box | None) -> dict[int, bytes]:
    if table is None:
        return {}
    wide = data[table.body] > 0
    kinds = {}
    for entry in _boxes(data, table.body + (8 if wide else 6), table.end):
        version = data[entry.body]
        id_bytes = 4 if version >= 3 else 2
        at = entry.body + 4
        # Two bytes between the number and the kind say how the item is protected.
        kinds[int.from_bytes(data[at : at + id_bytes])] = data[at + id_bytes + 2 : at + id_bytes + 6]
    return kinds


def _item_places(data: bytes, table: Box | None, inline: Box | None) -> Iterator[tuple[int, int, int]]:
    """Read the location table (ISO 14496-12, 8.11.3): for each item where its pieces begin and end."""
    if table is None:
        return
    reader = _Reader(data, table.body, table.end)
    version, _flags = reader.number(1), reader.number(3)
    sizes, bases = reader.number(1), reader.number(1)
    index_bytes = bases & 15 if version in (1, 2) else 0
    for _ in range(reader.number(4 if version == 2 else 2)):
        item = reader.number(4 if version == 2 else 2)
        method = reader.number(2) & 15 if version in (1, 2) else 0
        reader.number(2)
        base = reader.number(bases >> 4) + (inline.body if method == 1 and inline else 0)
        for _ in range(reader.number(2)):
            reader.number(index_bytes)
            start = base + reader.number(sizes >> 4)
            yield item, start, start + reader.number(sizes & 15)


class _Reader:
    """Reads big-endian numbers one after the other, never past the end of its box."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end

    def number(self, width: int) -> int:
        if self.at + width > self.end:
            raise BrokenFormatError("it ends in the middle")
        value = int.from_bytes(self.data[self.at : self.at + width])
        self.at += width
        return value
