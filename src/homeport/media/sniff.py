"""Tell a file's type from its bytes alone: a name or a header is what a sender claims, not what a browser will find."""

import re

from homeport.media import types
from homeport.media.errors import MediaTypeRefusedError
from homeport.media.types import MediaType

SIGNATURES: tuple[tuple[bytes, MediaType], ...] = (
    (b"\xff\xd8\xff", types.JPEG),
    (b"\x89PNG\r\n\x1a\n", types.PNG),
    (b"GIF87a", types.GIF),
    (b"GIF89a", types.GIF),
    (b"OggS", types.OGG),
    (b"fLaC", types.FLAC),
    *((b"ID3" + bytes([version]), types.MP3) for version in (2, 3, 4)),
    (b"%PDF-", types.PDF),
    (b"PK\x03\x04", types.ZIP),
    (b"PK\x05\x06", types.ZIP),
    (b"\x1f\x8b\x08", types.GZIP),
    *((b"BZh%d1AY" % level, types.BZIP2) for level in range(1, 10)),
    (b"\xfd7zXZ\x00", types.XZ),
    (b"\x28\xb5\x2f\xfd", types.ZSTD),
    (b"7z\xbc\xaf\x27\x1c", types.SEVEN_ZIP),
)
RIFF_FORMS = {b"WEBP": types.WEBP, b"WAVE": types.WAV}
AUDIO_BRANDS = frozenset({b"M4A ", b"M4B "})
AVIF_BRANDS = frozenset({b"avif", b"avis"})
VIDEO_BRANDS = frozenset(b"isom iso2 iso4 iso5 iso6 mp41 mp42 avc1 dash".split()) | {b"M4V ", b"M4VP", b"qt  "}
MPEG_AUDIO_FRAMES = frozenset({b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2"})

# What we know and still do not serve, with the way out; anything else that is not text is simply unknown.
REFUSED_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"II*\x00", "a TIFF picture; save it as JPEG or PNG."),
    (b"MM\x00*", "a TIFF picture; save it as JPEG or PNG."),
    (b"BM", "a BMP picture; save it as PNG."),
    (b"\x00\x00\x01\x00", "an icon file; save it as PNG or SVG."),
    (b"8BPS", "a Photoshop file; save it as JPEG or PNG."),
    (b"\xff\x0a", "a JPEG XL picture, which few browsers show; save it as JPEG or AVIF."),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture, which few browsers show; save it as JPEG or AVIF."),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture, which few browsers show; save it as JPEG or AVIF."),
    (b"MZ", "a program; pack it in a zip to offer it as a download."),
    (b"\x7fELF", "a program; pack it in a zip to offer it as a download."),
)
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})
HTML_MARK = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|title|style|table|div|p|h1|a|br|font|b|img)[\s/>]",
    re.IGNORECASE,
)
XML_PROLOGUE = re.compile(
    rb"(?:\s+|<\?.*?\?>|<!--.*?-->|<!doctype\s+(?!html)[^\[>]*(?:\[.*?\]\s*)?>)+", re.IGNORECASE | re.DOTALL
)
SVG_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?svg[\s/>]")
HEAD_BYTES = 64 * 1024


def sniff(data: bytes, name: str) -> MediaType:
    """Return the type of the bytes; raises MediaTypeRefusedError for what is not served from here."""
    if not data:
        raise MediaTypeRefusedError(f"{name} is empty.")
    found = _by_signature(data) or _by_container(data, name) or _by_text(data, name)
    if found:
        return found
    reason = next((reason for mark, reason in REFUSED_SIGNATURES if data.startswith(mark)), "")
    if reason:
        raise MediaTypeRefusedError(f"{name} is {reason}")
    raise MediaTypeRefusedError(
        f"{name} is of no type that is served here; pack it in a zip to offer it as a download."
    )


def is_html(data: bytes) -> bool:
    """Return whether a browser that guesses would take the bytes for a page."""
    rest = _after_prologue(data[:HEAD_BYTES])
    return bool(HTML_MARK.match(rest))


def _by_signature(data: bytes) -> MediaType | None:
    for mark, media_type in SIGNATURES:
        if data.startswith(mark):
            return media_type
    if data[257:262] == b"ustar":
        return types.TAR
    if data[:2] in MPEG_AUDIO_FRAMES:
        return types.MP3
    return None


def _by_container(data: bytes, name: str) -> MediaType | None:
    if data[:4] == b"RIFF":
        return RIFF_FORMS.get(data[8:12])
    if data[:4] == b"\x1aE\xdf\xa3" and b"webm" in data[:64]:
        return types.WEBM
    if data[4:8] == b"ftyp":
        return _by_brands(data, name)
    return None


def _by_brands(data: bytes, name: str) -> MediaType | None:
    """Tell apart what shares the ISO container: AVIF, MP4, M4A, and the HEIF that only one maker's browser shows."""
    size = min(int.from_bytes(data[:4]), 256)
    major = data[8:12]
    brands = {major} | {data[at : at + 4] for at in range(16, size - 3, 4)}
    if brands & AVIF_BRANDS:
        return types.AVIF
    if brands & HEIF_BRANDS:
        raise MediaTypeRefusedError(f"{name} is a HEIC picture, which few browsers show; save it as JPEG or AVIF.")
    if major in AUDIO_BRANDS:
        return types.M4A
    return types.MP4 if brands & VIDEO_BRANDS else None


def _by_text(data: bytes, name: str) -> MediaType | None:
    if b"\x00" in data:
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if SVG_ROOT.match(_after_prologue(data[:HEAD_BYTES])):
        return types.SVG
    if is_html(data):
        raise MediaTypeRefusedError(f"{name} is an HTML page, which is never served as media; pack it in a zip.")
    return types.TEXT


def _after_prologue(head: bytes) -> bytes:
    """Skip what may stand before the first element: byte order mark, declaration, comments, a document type."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    prologue = XML_PROLOGUE.match(head)
    return head[prologue.end() :] if prologue else head
