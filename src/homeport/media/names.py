"""The last part of a file's address: readable, safe in every file system, its extension by the type that was found."""

import re

from homeport.media.types import GZIP, MediaType
from homeport.text.slugs import slugify

STEM_CHARACTERS = 80
FOLDERS = re.compile(r"[/\\]")


def safe_name(name: str, media_type: MediaType) -> str:
    """Return the name that the file has here; a safe name comes out unchanged."""
    stem, extension = _split(FOLDERS.split(name)[-1], media_type)
    return f"{slugify(stem)[:STEM_CHARACTERS].strip('-') or 'file'}.{extension}"


def _split(name: str, media_type: MediaType) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not dot:
        return name, media_type.extensions[0]
    if extension.lower() not in media_type.extensions:
        return stem, media_type.extensions[0]
    if media_type is GZIP and stem.lower().endswith(".tar"):
        return stem[:-4], "tar.gz"
    return stem, extension.lower()
