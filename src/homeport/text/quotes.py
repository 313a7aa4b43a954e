"""A line of plain text, such as a title: curly quotes, dashes and ellipses, and code between backticks."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from markupsafe import Markup

_CODE = re.compile(r"(?<!`)(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)")
_MARKS = re.compile(r"""["']|-{2,3}|\.{3}""")
_OPENS_AFTER = re.compile(r"[\s(\[{\u2013\u2014\u2018\u201c/\"'-]")


Setter = Callable[[str, str, str], str]
"""Sets a piece of text, given what stands before and behind it."""


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


def plain_title(line: str, set_: Setter) -> str:
    """Return a title as one text, without the backticks around its code."""
    if "`" not in line:
        return set_(line, " ", " ")
    return "".join(text for text, _ in _pieces(line, set_))


@lru_cache(maxsize=1024)
def title_html(line: str, set_: Setter) -> Markup:
    """Return a title as HTML, with its code in `<code>`; lists have the same titles again and again."""
    if "`" not in line:
        return Markup.escape(set_(line, " ", " "))
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(text) if is_code else text for text, is_code in _pieces(line, set_))


def _pieces(line: str, set_: Setter) -> Iterator[tuple[str, bool]]:
    """Yield what is code and what stands between, which alone is typeset."""
    before, end = " ", 0
    for match in _CODE.finditer(line):
        yield set_(line[end : match.start()], before, "x"), False
        yield match[2].strip(), True
        before, end = "x", match.end()
    yield set_(line[end:], before, " "), False
