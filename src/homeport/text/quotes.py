"""Curly quotes, dashes and ellipses in a line of plain text, in one pass over it."""

import re

_MARKS = re.compile(r"""["']|-{2,3}|\.{3}""")
_OPENS_AFTER = re.compile(r"[\s(\[{\u2013\u2014\u2018\u201c/\"'-]")


def typeset(text: str, before: str = " ", behind: str = " ") -> str:
    """Return a line with typographic marks; `before` and `behind` are what stands beside it."""

    def mark(match: re.Match[str]) -> str:
        start, found = match.start(), match.group()
        if found[0] == "-":
            return "\u2014" if len(found) == 3 else "\u2013"
        if found[0] == ".":
            return "\u2026"
        previous = text[start - 1] if start else before
        after = text[match.end()] if match.end() < len(text) else behind
        is_open = bool(_OPENS_AFTER.match(previous)) and not after.isspace()
        if found == "'":
            return "\u2018" if is_open and not after.isdigit() else "\u2019"
        return "\u201c" if is_open else "\u201d"

    return _MARKS.sub(mark, text)
