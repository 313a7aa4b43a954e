"""Names for URLs and anchors, readable in any script."""

import re

from slugify import slugify as _transliterated

MAX_LENGTH = 120

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slugify(text: str) -> str:
    """Return a name of lower-case ASCII letters, digits and hyphens; '' when nothing of the text can be spelled so."""
    return _transliterated(text[: 4 * MAX_LENGTH], max_length=MAX_LENGTH, word_boundary=True)


def is_slug(text: str) -> bool:
    """Tell whether a text can stand in a URL as it is."""
    return len(text) <= MAX_LENGTH and _SLUG.fullmatch(text) is not None
