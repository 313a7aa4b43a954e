"""The file types that are served: one fixed content type for each, and for each extension one type."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a page shows a file."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class MediaType:
    """A type of file; its first extension is the one a file gets whose own does not fit."""

    name: str
    content_type: str
    kind: Kind
    extensions: tuple[str, ...]


JPEG = MediaType("JPEG", "image/jpeg", Kind.IMAGE, ("jpg", "jpeg"))
PNG = MediaType("PNG", "image/png", Kind.IMAGE, ("png", "apng"))
GIF = MediaType("GIF", "image/gif", Kind.IMAGE, ("gif",))
WEBP = MediaType("WebP", "image/webp", Kind.IMAGE, ("webp",))
AVIF = MediaType("AVIF", "image/avif", Kind.IMAGE, ("avif",))
SVG = MediaType("SVG", "image/svg+xml", Kind.IMAGE, ("svg",))

MP4 = MediaType("MP4", "video/mp4", Kind.VIDEO, ("mp4", "m4v", "mov"))
WEBM = MediaType("WebM", "video/webm", Kind.VIDEO, ("webm",))
M4A = MediaType("M4A", "audio/mp4", Kind.AUDIO, ("m4a",))
MP3 = MediaType("MP3", "audio/mpeg", Kind.AUDIO, ("mp3",))
OGG = MediaType("Ogg", "audio/ogg", Kind.AUDIO, ("ogg", "oga", "opus"))
FLAC = MediaType("FLAC", "audio/flac", Kind.AUDIO, ("flac",))
WAV = MediaType("WAV", "audio/wav", Kind.AUDIO, ("wav",))

PDF = MediaType("PDF", "application/pdf", Kind.DOWNLOAD, ("pdf",))
ZIP = MediaType(
    "zip", "application/zip", Kind.DOWNLOAD, ("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "whl", "jar")
)
GZIP = MediaType("gzip", "application/gzip", Kind.DOWNLOAD, ("gz", "tgz", "svgz"))
TAR = MediaType("tar", "application/x-tar", Kind.DOWNLOAD, ("tar",))
BZIP2 = MediaType("bzip2", "application/x-bzip2", Kind.DOWNLOAD, ("bz2",))
XZ = MediaType("xz", "application/x-xz", Kind.DOWNLOAD, ("xz",))
ZSTD = MediaType("zstd", "application/zstd", Kind.DOWNLOAD, ("zst",))
SEVEN_ZIP = MediaType("7z", "application/x-7z-compressed", Kind.DOWNLOAD, ("7z",))
TEXT = MediaType(
    "text",
    "text/plain; charset=utf-8",
    Kind.DOWNLOAD,
    (
        *("txt", "csv", "tsv", "json", "md", "log", "xml", "yaml", "yml", "toml", "ini", "diff", "patch", "tex", "bib"),
        *("ics", "vcf", "srt", "vtt", "sql", "sh", "py", "rs", "go", "c", "h", "cpp", "hpp", "js", "ts", "css", "rb"),
        *("java", "kt", "swift", "ipynb", "asc", "sig", "pem", "pub"),
    ),
)

TYPES = (
    *(JPEG, PNG, GIF, WEBP, AVIF, SVG),
    *(MP4, WEBM, M4A, MP3, OGG, FLAC, WAV),
    *(PDF, ZIP, GZIP, TAR, BZIP2, XZ, ZSTD, SEVEN_ZIP, TEXT),
)
BY_EXTENSION = {extension: media_type for media_type in TYPES for extension in media_type.extensions}
BY_CONTENT_TYPE = {media_type.content_type: media_type for media_type in TYPES}


def kind_of(content_type: str) -> Kind:
    """Return how a page shows files of this type."""
    media_type = BY_CONTENT_TYPE.get(content_type)
    return media_type.kind if media_type else Kind.DOWNLOAD
