"""Read the one note of a camera that changes what a reader sees: which side of the picture is up."""

ORIENTATION = 0x0112
UPRIGHT = 1
ENTRY_BYTES = 12


def orientation_of(notes: bytes) -> int:
    """Return the orientation, 1 to 8 (TIFF 6.0, page 36); notes that make no sense say nothing, and go in any case."""
    notes = notes.removeprefix(b"Exif\x00\x00")
    order: str | None = {b"II": "little", b"MM": "big"}.get(notes[:2])
    if order is None:
        return UPRIGHT

    def number(at: int, width: int) -> int:
        return int.from_bytes(notes[at : at + width], order)  # type: ignore[arg-type]  # one of the two words above

    start = number(4, 4)
    for at in range(start + 2, start + 2 + number(start, 2) * ENTRY_BYTES, ENTRY_BYTES):
        if number(at, 2) == ORIENTATION:
            found = number(at + 8, 2)
            return found if 1 <= found <= 8 else UPRIGHT
    return UPRIGHT
