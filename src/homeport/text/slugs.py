"""Names for URLs and anchors, readable in any script."""

import re

from slugify import slugify as _transliterated

MAX_LENGTH = 120

_NAMES_WITH_SIGNS = (
    (re.compile(r"\b([Cc])\+\+(?![+A-Za-z_])"), r"\1-plus-plus-"),
    (re.compile(r"\b([CFJQcfjq])#(?![#A-Za-z_])"), r"\1-sharp-"),
    (re.compile(r"(?<![\w.])\.NET\b", re.IGNORECASE), "dot-net"),
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slugify(text: str) -> str:
    """Return a name of lower-case ASCII letters, digits and hyphens; '' when nothing of the text can be spelled so."""
    text = text[: 4 * MAX_LENGTH]
    # Without their signs these would be other names: C, F and Net.
    for pattern, spelling in _NAMES_WITH_SIGNS:
        text = pattern.sub(spelling, text)
    return anchor_of(text)


def anchor_of(heading: str) -> str:
    """Return the name that links within a text use for a heading: every tool leaves signs out of it."""
    return _transliterated(heading[: 4 * MAX_LENGTH], max_length=MAX_LENGTH, word_boundary=True)


def is_slug(text: str) -> bool:
    """Tell whether a text can stand in a URL as it is."""
    return len(text) <= MAX_LENGTH and _SLUG.fullmatch(text) is not None
