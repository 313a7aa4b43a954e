"""Smart typography: curly quotes, dashes and ellipses, in one pass over a paragraph's text."""

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_MARKS = re.compile(r"""["']|-{2,3}|\.{3}""")
_OPENS_AFTER = re.compile(r"[\s(\[{\u2013\u2014\u2018\u201c/\"'-]")
_BREAKS = frozenset({"softbreak", "hardbreak"})


def typography_rule(state: StateCore) -> None:
    """Set quotes, dashes and ellipses in every paragraph when the site asks for it."""
    if state.md.options.typographer:
        for token in state.tokens:
            if token.type == "inline" and token.children:
                _set_inline(token.children)


def _set_inline(children: list[Token]) -> None:
    before = " "
    for index, child in enumerate(children):
        if child.type == "text" and child.content:
            is_last = index + 1 == len(children) or children[index + 1].type in _BREAKS
            child.content = _set_text(child.content, before, " " if is_last else "x")
            before = child.content[-1]
        elif child.type in _BREAKS:
            before = " "
        elif child.type in {"code_inline", "math_inline", "image"}:
            before = "x"


def _set_text(text: str, before: str, behind: str) -> str:
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
