"""Markdown as strangers may write it: emphasis, code, quotes, lists and links; no picture, no heading, no HTML."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

_LEFT_OUT = (
    "heading",
    "lheading",
    "hr",
    "html_block",
    "html_inline",
    "image",
    "reference",
)
_ALLOWED: dict[str, Any] = {
    "tags": {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"},
    "attributes": {"*": set(), "a": {"href"}, "ol": {"start"}},
    "url_schemes": {"http", "https", "mailto"},
    "link_rel": "nofollow ugc noopener",
}
_START = re.compile(r'<ol start="\d{5,}">')

MOST_MARKS = 4
"""How many marks one letter may wear: more than any script needs, fewer than climb over the lines around it."""

# What PostgreSQL or HTML cannot hold, and what turns the direction of whatever stands after it.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and a symbol that look like nothing at all."""
_NO_CHARACTERS = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def render_comment(source: str) -> str:
    """Return the HTML of a comment; whatever it is made of, it stays in its place and runs nothing."""
    return _START.sub("<ol>", _renderer()(source))


def harmless(text: str) -> str:
    """Return text with line ends of one kind and without what would spoil the page around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _NO_CHARACTERS.sub("\ufffd", _UNWANTED.sub("", text))
    return _without_towers(text)


def is_visible(text: str) -> bool:
    """Say whether a text has anything to see in it: more than spaces, marks without a letter, and blank letters."""
    return any(unicodedata.category(one)[0] not in "CZM" and one not in _BLANK for one in text)


def one_line(text: str) -> str:
    """Return harmless text as one line."""
    return " ".join(harmless(text).split())


@cache
def _renderer() -> Callable[[str], str]:
    # Not at the start: most answers of a site show comments that were rendered when they were written.
    import nh3  # noqa: PLC0415

    from homeport.text.parser import plain_parser_with  # noqa: PLC0415

    parser, cleaner = plain_parser_with(left_out=_LEFT_OUT, breaks=True, autolinks=True), nh3.Cleaner(**_ALLOWED)
    return lambda source: cleaner.clean(str(parser.render(source)))


def _without_towers(text: str) -> str:
    """Take the marks away that are piled up on one letter."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)
